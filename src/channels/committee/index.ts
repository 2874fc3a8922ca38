// Channels of several units.
export { type CommitteeChannel, committeeSign } from "./committeeSign.ts";
