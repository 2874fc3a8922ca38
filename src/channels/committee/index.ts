// Channels of several units.
export { committeeSign } from "./committeeSign.ts";
