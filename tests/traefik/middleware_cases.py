"""Every kind of middleware: the options as a user writes them, and what Traefik must have understood.

The right-hand sides are written by hand from Traefik's reference, in the spelling of its API, which leaves out what is
false and writes durations as Go does.
"""

from __future__ import annotations

from typing import Any

Case = tuple[str, dict[str, Any], dict[str, Any]]

BCRYPT = "ci:$2y$05$XnlQHNnBlNuQMhPVYKFxRujLVbLgRFDHhHj8V9vFnsU4XLYP3QEQi"
APR1 = "old:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/"
SHA = "older:{SHA}d95o2uzYI7q7tY7bHI4U1xBug7s="
DIGEST = "ci:traefik:a2688e031edb4be6a3797f3882655c05"

HTTP: list[Case] = [
    ("add-prefix", {"kind": "add-prefix", "prefix": "/api"}, {"addPrefix": {"prefix": "/api"}}),
    (
        "basic-auth",
        {
            "kind": "basic-auth", "users": [BCRYPT, APR1, SHA], "realm": "the edge", "header_field": "X-User",
            "remove_header": True,
        },
        {
            "basicAuth": {
                "users": [BCRYPT, APR1, SHA], "realm": "the edge", "headerField": "X-User", "removeHeader": True,
            }
        },
    ),
    (
        "basic-auth-file",
        {"kind": "basic-auth", "users_file": "{folder}/htpasswd"},
        {"basicAuth": {"usersFile": "{folder}/htpasswd"}},
    ),
    (
        "digest-auth",
        {"kind": "digest-auth", "users": [DIGEST], "realm": "r", "header_field": "X-User", "remove_header": True},
        {"digestAuth": {"users": [DIGEST], "realm": "r", "headerField": "X-User", "removeHeader": True}},
    ),
    (
        "digest-auth-file",
        {"kind": "digest-auth", "users_file": "{folder}/htdigest"},
        {"digestAuth": {"usersFile": "{folder}/htdigest"}},
    ),
    (
        "buffering",
        {
            "kind": "buffering", "max_request_body_bytes": 2_000_000, "mem_request_body_bytes": 1000,
            "max_response_body_bytes": 3_000_000, "mem_response_body_bytes": 2000,
            "retry_expression": "(IsNetworkError() || ResponseCode() >= 500) && Attempts() < 2",
        },
        {
            "buffering": {
                "maxRequestBodyBytes": 2_000_000, "memRequestBodyBytes": 1000, "maxResponseBodyBytes": 3_000_000,
                "memResponseBodyBytes": 2000,
                "retryExpression": "(IsNetworkError() || ResponseCode() >= 500) && Attempts() < 2",
            }
        },
    ),
    (
        "chain",
        {"kind": "chain", "middlewares": ["add-prefix", "compress"]},
        {"chain": {"middlewares": ["add-prefix@{provider}", "compress@{provider}"]}},
    ),
    (
        "circuit-breaker",
        {
            "kind": "circuit-breaker",
            "expression": "NetworkErrorRatio() > 0.30 || LatencyAtQuantileMS(50.0) >= 100 && "
            "(ResponseCodeRatio(500, 600, 0, 600) > 0.25)",
            "check_period": "200ms", "fallback_duration": 20, "recovery_duration": "1m30s", "response_code": 502,
        },
        {
            "circuitBreaker": {
                "expression": "NetworkErrorRatio() > 0.30 || LatencyAtQuantileMS(50.0) >= 100 && "
                "(ResponseCodeRatio(500, 600, 0, 600) > 0.25)",
                "checkPeriod": "200ms", "fallbackDuration": "20s", "recoveryDuration": "1m30s", "responseCode": 502,
            }
        },
    ),
    ("compress", {"kind": "compress"}, {"compress": {"encodings": ["gzip", "br", "zstd"]}}),
    (
        "compress-some",
        {
            "kind": "compress", "encodings": ["zstd", "br"], "default_encoding": "br", "min_response_body_bytes": 1200,
            "excluded_content_types": ["image/png", "text/event-stream"],
        },
        {
            "compress": {
                "encodings": ["zstd", "br"], "defaultEncoding": "br", "minResponseBodyBytes": 1200,
                "excludedContentTypes": ["image/png", "text/event-stream"],
            }
        },
    ),
    (
        "compress-only",
        {"kind": "compress", "included_content_types": ["text/html"]},
        {"compress": {"includedContentTypes": ["text/html"]}},
    ),
    ("content-type", {"kind": "content-type"}, {"contentType": {}}),
    (
        "encoded-characters",
        {
            "kind": "encoded-characters", "allow_encoded_slash": True, "allow_encoded_back_slash": True,
            "allow_encoded_null_character": True, "allow_encoded_semicolon": True, "allow_encoded_percent": True,
            "allow_encoded_question_mark": True, "allow_encoded_hash": True,
        },
        {
            "encodedCharacters": {
                "allowEncodedSlash": True, "allowEncodedBackSlash": True, "allowEncodedNullCharacter": True,
                "allowEncodedSemicolon": True, "allowEncodedPercent": True, "allowEncodedQuestionMark": True,
                "allowEncodedHash": True,
            }
        },
    ),
    (
        "errors",
        {
            "kind": "errors", "status": ["404", "500-599"], "service": "pages", "query": "/{status}.html?u={url}",
            "status_rewrites": {"418": 404, "500-503": 500}, "error_request_headers": ["Accept-Language"],
        },
        {
            "errors": {
                "status": ["404", "500-599"], "service": "pages", "query": "/{status}.html?u={url}",
                "statusRewrites": {"418": 404, "500-503": 500}, "errorRequestHeaders": ["Accept-Language"],
            }
        },
    ),
    (
        "errors-of-one-code",
        {"kind": "errors", "status": 500, "service": "pages"},
        {"errors": {"status": ["500"], "service": "pages"}},
    ),
    (
        "errors-of-some-codes",
        {"kind": "errors", "status": [404, "500-503", 410], "service": "pages"},
        {"errors": {"status": ["404", "500-503", "410"], "service": "pages"}},
    ),
    ("retry-for-one-code", {"kind": "retry", "attempts": 2, "status": 503}, {"retry": {"status": ["503"]}}),
    (
        "forward-auth",
        {
            "kind": "forward-auth", "address": "https://auth.example.com:9000/verify?x=1&y=2",
            "trust_forward_header": True, "auth_request_headers": ["Accept", "Cookie"],
            "auth_response_headers": ["X-User", "X-Groups"], "auth_response_headers_regex": "^X-Auth-",
            "add_auth_cookies_to_response": ["session"], "forward_body": True, "max_body_size": 1000,
            "max_response_body_size": 2000, "header_field": "X-User", "preserve_location_header": True,
            "preserve_request_method": True, "tls": {"insecure_skip_verify": True, "ca": "{folder}/ca.pem"},
        },
        {
            "forwardAuth": {
                "address": "https://auth.example.com:9000/verify?x=1&y=2", "trustForwardHeader": True,
                "authRequestHeaders": ["Accept", "Cookie"], "authResponseHeaders": ["X-User", "X-Groups"],
                "authResponseHeadersRegex": "^X-Auth-", "addAuthCookiesToResponse": ["session"], "forwardBody": True,
                "maxBodySize": 1000, "maxResponseBodySize": 2000, "headerField": "X-User",
                "preserveLocationHeader": True, "preserveRequestMethod": True,
                "tls": {"insecureSkipVerify": True, "ca": "{folder}/ca.pem"},
            }
        },
    ),
    (
        "forward-auth-plain",  # no warning either: what Traefik wants to be told is told
        {"kind": "forward-auth", "address": "http://auth:9000"},
        {"forwardAuth": {"address": "http://auth:9000", "maxResponseBodySize": 1_048_576}},
    ),
    (
        "grpc-web",
        {"kind": "grpc-web", "allow_origins": ["https://a.example", "*"]},
        {"grpcWeb": {"allowOrigins": ["https://a.example", "*"]}},
    ),
    (
        "headers",
        {
            "kind": "headers", "custom_request_headers": {"X-A": "a, b; c=\"d\"", "X-Gone": ""},
            "custom_response_headers": {"X-B": "${x} $1 `tick`", "Server": ""},
            "access_control_allow_credentials": True, "access_control_allow_headers": ["X-A", "X-B"],
            "access_control_allow_methods": ["GET", "PUT"], "access_control_allow_origin_list": ["https://a.example"],
            "access_control_allow_origin_list_regex": ["^https://[a-z]+\\.example$"],
            "access_control_expose_headers": ["X-A"], "access_control_max_age": 100, "add_vary_header": True,
            "allowed_hosts": ["a.example", "b.example"], "hosts_proxy_headers": ["X-Forwarded-Host"],
            "ssl_proxy_headers": {"X-Forwarded-Proto": "https"}, "sts_seconds": 63_072_000,
            "sts_include_subdomains": True, "sts_preload": True, "force_sts_header": True, "frame_deny": True,
            "custom_frame_options_value": "SAMEORIGIN", "content_type_nosniff": True, "browser_xss_filter": True,
            "custom_browser_xss_value": "1; report=/x", "content_security_policy": "default-src 'self', 'none'",
            "content_security_policy_report_only": "default-src 'self'", "public_key": "pin",
            "referrer_policy": "same-origin", "permissions_policy": "geolocation=(), camera=()",
            "is_development": True,
        },
        {
            "headers": {
                "customRequestHeaders": {"X-A": "a, b; c=\"d\"", "X-Gone": ""},
                "customResponseHeaders": {"X-B": "${x} $1 `tick`", "Server": ""},
                "accessControlAllowCredentials": True, "accessControlAllowHeaders": ["X-A", "X-B"],
                "accessControlAllowMethods": ["GET", "PUT"], "accessControlAllowOriginList": ["https://a.example"],
                "accessControlAllowOriginListRegex": ["^https://[a-z]+\\.example$"],
                "accessControlExposeHeaders": ["X-A"], "accessControlMaxAge": 100, "addVaryHeader": True,
                "allowedHosts": ["a.example", "b.example"], "hostsProxyHeaders": ["X-Forwarded-Host"],
                "sslProxyHeaders": {"X-Forwarded-Proto": "https"}, "stsSeconds": 63_072_000,
                "stsIncludeSubdomains": True, "stsPreload": True, "forceSTSHeader": True, "frameDeny": True,
                "customFrameOptionsValue": "SAMEORIGIN", "contentTypeNosniff": True, "browserXssFilter": True,
                "customBrowserXSSValue": "1; report=/x", "contentSecurityPolicy": "default-src 'self', 'none'",
                "contentSecurityPolicyReportOnly": "default-src 'self'", "publicKey": "pin",
                "referrerPolicy": "same-origin", "permissionsPolicy": "geolocation=(), camera=()",
                "isDevelopment": True,
            }
        },
    ),
    (
        "in-flight-req",
        {"kind": "in-flight-req", "amount": 7, "source_criterion": {"request_header_name": "X-Client"}},
        {"inFlightReq": {"amount": 7, "sourceCriterion": {"requestHeaderName": "X-Client"}}},
    ),
    (
        "in-flight-req-host",
        {"kind": "in-flight-req", "amount": 7, "source_criterion": {"request_host": True}},
        {"inFlightReq": {"amount": 7, "sourceCriterion": {"requestHost": True}}},
    ),
    (
        "ip-allow-list",
        {
            "kind": "ip-allow-list", "source_range": ["198.51.100.0/24", "2001:db8::1", "192.0.2.7"],
            "ip_strategy": {"depth": 2, "ipv6_subnet": 64}, "reject_status_code": 404,
        },
        {
            "ipAllowList": {
                "sourceRange": ["198.51.100.0/24", "2001:db8::1", "192.0.2.7"],
                "ipStrategy": {"depth": 2, "ipv6Subnet": 64}, "rejectStatusCode": 404,
            }
        },
    ),
    (
        "ip-allow-list-excluded",
        {
            "kind": "ip-allow-list", "source_range": ["198.51.100.0/24"],
            "ip_strategy": {"excluded_ips": ["192.0.2.0/24", "192.0.2.9"]},
        },
        {
            "ipAllowList": {
                "sourceRange": ["198.51.100.0/24"], "ipStrategy": {"excludedIPs": ["192.0.2.0/24", "192.0.2.9"]},
            }
        },
    ),
    (
        "pass-tls-client-cert",
        {
            "kind": "pass-tls-client-cert", "pem": True,
            "info": {
                "not_after": True, "not_before": True, "sans": True, "serial_number": True,
                "subject": {
                    "country": True, "province": True, "locality": True, "organization": True,
                    "organizational_unit": True, "common_name": True, "serial_number": True, "domain_component": True,
                },
                "issuer": {
                    "country": True, "province": True, "locality": True, "organization": True, "common_name": True,
                    "serial_number": True, "domain_component": True,
                },
            },
        },
        {
            "passTLSClientCert": {
                "pem": True,
                "info": {
                    "notAfter": True, "notBefore": True, "sans": True, "serialNumber": True,
                    "subject": {
                        "country": True, "province": True, "locality": True, "organization": True,
                        "organizationalUnit": True, "commonName": True, "serialNumber": True, "domainComponent": True,
                    },
                    "issuer": {
                        "country": True, "province": True, "locality": True, "organization": True, "commonName": True,
                        "serialNumber": True, "domainComponent": True,
                    },
                },
            }
        },
    ),
    (
        "rate-limit",
        {
            "kind": "rate-limit", "average": 100, "burst": 50, "period": "1m",
            "source_criterion": {"ip_strategy": {"depth": 1, "ipv6_subnet": 56}},
        },
        {
            "rateLimit": {
                "average": 100, "burst": 50, "period": "1m0s",
                "sourceCriterion": {"ipStrategy": {"depth": 1, "ipv6Subnet": 56}},
            }
        },
    ),
    (
        "rate-limit-redis",
        {
            "kind": "rate-limit", "average": 100,
            "redis": {
                "endpoints": ["127.0.0.1:1", "127.0.0.1:2"], "username": "u", "password": "p", "db": 0, "pool_size": 3,
                "min_idle_conns": 1, "max_active_conns": 9, "read_timeout": "1s", "write_timeout": "2s",
                "dial_timeout": "3s",
            },
        },
        {
            "rateLimit": {
                "average": 100,
                "redis": {
                    "endpoints": ["127.0.0.1:1", "127.0.0.1:2"], "username": "u", "password": "p", "poolSize": 3,
                    "minIdleConns": 1, "maxActiveConns": 9, "readTimeout": "1s", "writeTimeout": "2s",
                    "dialTimeout": "3s",
                },
            }
        },
    ),
    (
        "redirect-regex",
        {
            "kind": "redirect-regex", "regex": r"^https?://([^/]+)/(?P<rest>.{0,9}\d+\.\p{L}[[:alpha:]]*)\z",
            "replacement": "https://$1/${rest},x", "permanent": True,
        },
        {
            "redirectRegex": {
                "regex": r"^https?://([^/]+)/(?P<rest>.{0,9}\d+\.\p{L}[[:alpha:]]*)\z",
                "replacement": "https://$1/${rest},x", "permanent": True,
            }
        },
    ),
    (
        "redirect-scheme",
        {"kind": "redirect-scheme", "scheme": "https", "port": "8443", "permanent": True},
        {"redirectScheme": {"scheme": "https", "port": "8443", "permanent": True}},
    ),
    ("replace-path", {"kind": "replace-path", "path": "/a b,c"}, {"replacePath": {"path": "/a b,c"}}),
    (
        "replace-path-regex",
        {"kind": "replace-path-regex", "regex": "^/a{1,2}/(.*)", "replacement": "/b/$1"},
        {"replacePathRegex": {"regex": "^/a{1,2}/(.*)", "replacement": "/b/$1"}},
    ),
    (
        "retry",
        {
            "kind": "retry", "attempts": 3, "initial_interval": "100ms", "timeout": "5s",
            "max_request_body_bytes": 1000, "status": ["502-504", "429"], "disable_retry_on_network_error": True,
            "retry_non_idempotent_method": True,
        },
        {
            "retry": {
                "attempts": 3, "initialInterval": "100ms", "timeout": "5s", "maxRequestBodyBytes": 1000,
                "status": ["502-504", "429"], "disableRetryOnNetworkError": True, "retryNonIdempotentMethod": True,
            }
        },
    ),
    (
        "strip-prefix",
        {"kind": "strip-prefix", "prefixes": ["/api", "/v 1"]},
        {"stripPrefix": {"prefixes": ["/api", "/v 1"]}},
    ),
    (
        "strip-prefix-regex",
        {"kind": "strip-prefix-regex", "regex": ["/a/[a-z0-9]+", "/b"]},
        {"stripPrefixRegex": {"regex": ["/a/[a-z0-9]+", "/b"]}},
    ),
    (
        "secure-headers",
        {"kind": "secure-headers", "include_subdomains": True, "preload": True, "frame": "DENY"},
        {
            "headers": {
                "stsSeconds": 63_072_000, "stsIncludeSubdomains": True, "stsPreload": True, "contentTypeNosniff": True,
                "customFrameOptionsValue": "DENY", "referrerPolicy": "strict-origin-when-cross-origin",
            }
        },
    ),
]  # fmt: skip

TCP: list[Case] = [
    (
        "ip-allow-list",
        {"kind": "ip-allow-list", "source_range": ["198.51.100.0/24", "2001:db8::/32"]},
        {"ipAllowList": {"sourceRange": ["198.51.100.0/24", "2001:db8::/32"]}},
    ),
    ("in-flight-conn", {"kind": "in-flight-conn", "amount": 10}, {"inFlightConn": {"amount": 10}}),
]
