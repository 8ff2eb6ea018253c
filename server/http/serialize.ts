import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'

type Serializers = ReturnType<typeof SerializerSelector>

/** Fastify's own, but compiled when the first answer of a shape is written, as what is asked is (validate.ts). */
export const serializers: Serializers = (schemas, options) => {
  const compile = SerializerSelector()(schemas, options)
  return route => {
    let write: ReturnType<typeof compile> | undefined
    return answer => {
      write ??= compile(route)
      return write(answer)
    }
  }
}
