// The smallest app: it answers on port 3000, and ends when it is asked to.
const http = require("node:http");

const server = http.createServer((request, response) => {
  response.setHeader("Content-Type", "text/plain");
  response.end("It works.\n");
});
server.listen(3000, () => console.log("listening on port 3000"));
process.on("SIGTERM", () => server.close(() => process.exit(0)));
