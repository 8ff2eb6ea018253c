/** 0, 1, 2 ...: for things of which only the number is known, such as the lines of a skeleton. */
export const range = (length: number) => Array.from({ length }, (_, index) => index)
