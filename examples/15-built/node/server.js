// The smallest server of Node's standard library: replace it with your application.
const http = require("node:http");

const server = http.createServer((request, response) => {
  response.setHeader("Content-Type", "text/plain");
  response.end("Hello from Node.\n");
});
server.listen(3000, () => console.log("listening on port 3000"));
process.on("SIGTERM", () => server.close(() => process.exit(0)));
