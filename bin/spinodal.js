#!/usr/bin/env node
// Written in old JavaScript on purpose: an old Node must get this far to be told that it is old.
var version = process.versions.node.split(".").map(Number);
if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  console.error("spinodal needs Node 20.19 or newer, this is " + process.versions.node + ": see https://nodejs.org");
  process.exitCode = 1;
} else {
  import("../dist/cli.js").then(
    function (cli) {
      return cli.main(process.argv.slice(2));
    },
    function (error) {
      var missing = error.code === "ERR_MODULE_NOT_FOUND" && /dist\/cli\.js/.test(String(error.message));
      console.error(missing ? "spinodal is not built yet: run npm run build (or npm start) in its folder" : error);
      process.exitCode = 1;
    }
  );
}
