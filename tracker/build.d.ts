export function buildTracker(outDir: string): Promise<{ file: string; bytes: number; gzipped: number }>
