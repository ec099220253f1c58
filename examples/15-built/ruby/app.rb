# The smallest server of Ruby's standard library: replace it with your application.
require "socket"

BODY = "Hello from Ruby.\n"
trap("TERM") { exit }

server = TCPServer.new("0.0.0.0", 3000)
puts "listening on port 3000"
$stdout.flush
loop do
  Thread.new(server.accept) do |client|
    while (line = client.gets) && line != "\r\n"; end
    client.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: #{BODY.bytesize}\r\n" \
                 "Connection: close\r\n\r\n#{BODY}")
    client.close
  end
end
