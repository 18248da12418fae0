import { fromBinary, toBinary, type DescMessage, type MessageShape } from "@bufbuild/protobuf";

/** What grpc-js wants to know of a method: its path and how its messages become bytes. */
export interface GrpcMethod<Input extends DescMessage, Output extends DescMessage> {
  readonly path: string;
  readonly serialize: (message: MessageShape<Input>) => Buffer;
  readonly deserialize: (bytes: Buffer) => MessageShape<Output>;
}

/** Reads a generated method's descriptor for grpc-js, so that no second code generator is needed. */
export function grpcMethod<Input extends DescMessage, Output extends DescMessage>(method: {
  readonly name: string;
  readonly parent: { readonly typeName: string };
  readonly input: Input;
  readonly output: Output;
}): GrpcMethod<Input, Output> {
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    serialize: (message) => Buffer.from(toBinary(method.input, message)),
    deserialize: (bytes) => fromBinary(method.output, bytes),
  };
}
