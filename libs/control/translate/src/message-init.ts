import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";

/** The plain object that a message is made from: unlike the message itself it may be spread and added to. */
export type MessageInit<Desc extends DescMessage> = Exclude<MessageInitShape<Desc>, MessageShape<Desc>>;
