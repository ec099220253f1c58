<?php
// The lab's application: what its container reaches and reads, as JSON. Settings are the specs' own variables.
header('Content-Type: application/json');

function setting(array $names, string $default): string {
    foreach ($names as $name) {
        if (($file = getenv($name . '_FILE')) && is_readable($file)) return rtrim(file_get_contents($file), "\r\n");
        if (getenv($name)) return getenv($name);
    }
    return $default;
}

// One statement at the database; what it says when it can't be reached.
function ask(string $statement): array {
    $parts = [
        'host' => setting(['DB_HOST'], 'pg'), 'port' => setting(['DB_PORT'], '5432'),
        'user' => setting(['DB_USER'], 'postgres'), 'password' => setting(['DB_PASSWORD'], @file_get_contents('/run/secrets/pg-password') ?: ''),
        'dbname' => setting(['DB_NAME'], 'postgres'), 'connect_timeout' => '3',
    ];
    $words = array_map(fn($key, $value) => "$key='" . addcslashes($value, "'\\") . "'", array_keys($parts), $parts);
    $connection = @pg_connect(implode(' ', $words));
    if (!$connection) return ['error' => error_get_last()['message'] ?? 'no connection'];
    $result = @pg_query($connection, $statement);
    return $result ? ['rows' => pg_fetch_all($result)] : ['error' => pg_last_error($connection)];
}

function redis(string $command): array {
    $url = parse_url(setting(['REDIS_URL'], 'redis://redis:6379'));
    $socket = @fsockopen($url['host'], $url['port'] ?? 6379, $number, $message, 3);
    if (!$socket) return ['error' => $message];
    fwrite($socket, "$command\r\n");
    return ['answer' => substr(trim(fgets($socket)), 1)];
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
echo json_encode(match (true) {
    $path === '/select' => ask('select 1 + 1 as two'),
    $path === '/rows' && $_SERVER['REQUEST_METHOD'] === 'POST' =>
        ask('create table if not exists rows (word text); insert into rows values (' .
            "'" . addslashes(file_get_contents('php://input')) . "')"),
    $path === '/rows' => ask('select word from rows'),
    $path === '/incr' => redis('INCR visits'),
    str_starts_with($path, '/file/') => ['text' => @file_get_contents(substr($path, 5)) ?: ''],
    $path === '/env' => ['names' => array_keys(getenv()), 'value' => getenv($_SERVER['QUERY_STRING'] ?? '')],
    default => ['page' => "the lab's application"],
}), "\n";
