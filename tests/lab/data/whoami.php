<?php
// What traefik/whoami answers: its own name, and the request as it arrived.
header('Content-Type: text/plain');
echo 'Hostname: ', gethostname(), "\n";
echo $_SERVER['REQUEST_METHOD'], ' ', $_SERVER['REQUEST_URI'], ' ', $_SERVER['SERVER_PROTOCOL'], "\n";
foreach (getallheaders() as $name => $value) echo "$name: $value\n";
