"""What Traefik's labels can say, as the types that it reads them into: structs, mappings, lists and single values.

Source: traefik 3.7, pkg/config/dynamic (the structs and their `label` tags) and pkg/provider/docker/shared_labels.go;
every word here, and what each kind of value does, was tried with Traefik 3.7.15.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["text", "flag", "number", "duration", "list", "struct", "mapping", "structs", "server", "raw"]


@dataclass(frozen=True, slots=True)
class Type:
    """How Traefik reads one word and what is below it."""

    kind: Kind
    fields: Mapping[str, Type] = field(default_factory=dict)
    """The words of a struct, in lower case; those of each item of `structs` and `server`."""
    item: Type | None = None
    """What every name of a mapping holds."""
    may_be_empty: bool = False
    """A struct that needs no option: `true` or an empty value turns it on, any other value silently turns it off."""
    ignored: bool = False
    """Known, and never read from labels: these can only be in a file."""

    def word(self, name: str) -> Type | None:
        """The type of a word below a struct; None where Traefik does not know it."""
        return self.fields.get(name.lower())


TEXT, FLAG, NUMBER, DURATION, LIST = (Type(kind) for kind in ("text", "flag", "number", "duration", "list"))
RAW = Type("raw")
_SINGLE: Mapping[str, Type] = {"text": TEXT, "flag": FLAG, "number": NUMBER, "duration": DURATION, "list": LIST}


def _words(**groups: str) -> dict[str, Type]:
    """`text="rule service"` -> both words as texts."""
    return {word: _SINGLE[kind] for kind, words in groups.items() for word in words.split()}


def _fields(given: Mapping[str, str | Type]) -> dict[str, Type]:
    words = _words(**{kind: words for kind, words in given.items() if isinstance(words, str)})
    return words | {name: item for name, item in given.items() if isinstance(item, Type)}


def _struct(fields: Mapping[str, Type] | None = None, /, **more: str | Type) -> Type:
    """`text="rule service", tls=…` -> a struct of both words as texts, and of `tls`."""
    return Type("struct", {**(fields or {}), **_fields(more)})


def _mapping(item: Type) -> Type:
    return Type("mapping", item=item)


def _structs(fields: Mapping[str, Type] | None = None, /, **more: str | Type) -> Type:
    return Type("structs", {**(fields or {}), **_fields(more)})


def _alone(kind: Type) -> Type:
    return replace(kind, may_be_empty=True)


def _unread(kind: Type) -> Type:
    return replace(kind, ignored=True)


_TEXTS = _mapping(TEXT)
_DOMAIN = _words(text="main", list="sans")
_STICKY = _struct(cookie=_alone(_struct(text="name samesite path domain", flag="secure httponly", number="maxage")))
_HEALTH = _alone(_struct())  # of services that balance services: known only by its name

# HTTP: routers and services.

_OBSERVABILITY = _struct(flag="accesslogs metrics tracing", text="traceverbosity")
_HTTP_TLS = _alone(_struct(text="options certresolver", domains=_structs(_DOMAIN)))
_HTTP_ROUTER = _struct(
    list="entrypoints middlewares",
    text="rule service rulesyntax",
    number="priority",
    tls=_HTTP_TLS,
    observability=_OBSERVABILITY,
    parentrefs=_unread(LIST),
    deniedencodedpathcharacters=_unread(RAW),
    defaultrule=_unread(FLAG),
)
_BALANCER = _struct(
    text="strategy serverstransport",
    flag="passhostheader",
    sticky=_alone(_STICKY),
    server=Type("server", _words(text="url scheme port", number="weight", flag="preservepath")),
    healthcheck=_struct(
        text="scheme mode path method hostname",
        number="status port",
        duration="interval unhealthyinterval timeout",
        flag="followredirects",
        headers=_TEXTS,
    ),
    passivehealthcheck=_struct(duration="failurewindow", number="maxfailedattempts"),
    responseforwarding=_struct(duration="flushinterval"),
)
_WEIGHTED = _words(text="name", number="weight")
_HTTP_SERVICE = _struct(
    loadbalancer=_BALANCER,
    weighted=_unread(_struct(services=_structs(_WEIGHTED), sticky=_STICKY, healthcheck=_HEALTH)),
    highestrandomweight=_unread(_struct(services=_structs(_WEIGHTED), healthcheck=_HEALTH)),
    mirroring=_unread(
        _struct(
            text="service",
            flag="mirrorbody",
            number="maxbodysize",
            mirrors=_structs(text="name", number="percent"),
            healthcheck=_HEALTH,
        )
    ),
    failover=_unread(_struct(text="service fallback", healthcheck=_HEALTH)),
)
_CERTIFICATES = _structs(text="certfile keyfile")
_SPIFFE = _alone(_struct(list="ids", text="trustdomain"))
_TRANSPORT = _struct(
    text="servername peercerturi minversion maxversion",
    flag="insecureskipverify disablehttp2",
    list="rootcas ciphersuites",
    number="maxidleconnsperhost",
    certificates=_CERTIFICATES,
    forwardingtimeouts=_struct(
        duration="dialtimeout responseheadertimeout idleconntimeout readidletimeout pingtimeout"
    ),
    spiffe=_SPIFFE,
)

# HTTP: middlewares.

_CLIENT_TLS = _words(text="ca cert key", flag="insecureskipverify")
_IP_STRATEGY = _struct(number="depth ipv6subnet", list="excludedips")
_CRITERION = _struct(text="requestheadername", flag="requesthost", ipstrategy=_IP_STRATEGY)
_USERS = _struct(list="users", text="usersfile realm headerfield", flag="removeheader")
_NAMES_OF_ISSUER = "country province locality organization commonname serialnumber domaincomponent"
_ALLOW_LIST = _struct(list="sourcerange", ipstrategy=_alone(_IP_STRATEGY))
_HEADERS = _struct(
    flag="accesscontrolallowcredentials addvaryheader stsincludesubdomains stspreload forcestsheader framedeny "
    "contenttypenosniff browserxssfilter isdevelopment sslredirect ssltemporaryredirect sslforcehost",
    list="accesscontrolallowheaders accesscontrolallowmethods accesscontrolalloworiginlist "
    "accesscontrolalloworiginlistregex accesscontrolexposeheaders allowedhosts hostsproxyheaders",
    number="accesscontrolmaxage stsseconds",
    text="customframeoptionsvalue custombrowserxssvalue contentsecuritypolicy contentsecuritypolicyreportonly "
    "publickey referrerpolicy permissionspolicy featurepolicy sslhost",
    customrequestheaders=_TEXTS,
    customresponseheaders=_TEXTS,
    sslproxyheaders=_TEXTS,
)
_FORWARD_AUTH = _struct(
    text="address authresponseheadersregex headerfield authsigninurl",
    flag="trustforwardheader forwardbody preservelocationheader preserverequestmethod",
    list="authresponseheaders authrequestheaders addauthcookiestoresponse",
    number="maxresponsebodysize maxbodysize",
    tls=_struct(_CLIENT_TLS, caoptional=FLAG),
)
_REDIS = _struct(
    list="endpoints",
    text="username password",
    number="db poolsize minidleconns maxactiveconns",
    duration="readtimeout writetimeout dialtimeout",
    tls=_struct(_CLIENT_TLS),
)
_HTTP_MIDDLEWARE = _struct(
    addprefix=_struct(text="prefix"),
    stripprefix=_struct(list="prefixes", flag="forceslash"),
    stripprefixregex=_struct(list="regex"),
    replacepath=_struct(text="path"),
    replacepathregex=_struct(text="regex replacement"),
    chain=_struct(list="middlewares"),
    ipwhitelist=_ALLOW_LIST,
    ipallowlist=_struct(_ALLOW_LIST.fields, rejectstatuscode=NUMBER),
    headers=_HEADERS,
    encodedcharacters=_struct(
        flag="allowencodedslash allowencodedbackslash allowencodednullcharacter allowencodedsemicolon "
        "allowencodedpercent allowencodedquestionmark allowencodedhash"
    ),
    errors=_struct(list="status errorrequestheaders", text="service query", statusrewrites=_mapping(NUMBER)),
    ratelimit=_struct(number="average burst", duration="period", sourcecriterion=_CRITERION, redis=_REDIS),
    redirectregex=_struct(text="regex replacement", flag="permanent"),
    redirectscheme=_struct(text="scheme port", flag="permanent"),
    basicauth=_USERS,
    digestauth=_USERS,
    forwardauth=_FORWARD_AUTH,
    inflightreq=_struct(number="amount", sourcecriterion=_CRITERION),
    buffering=_struct(
        number="maxrequestbodybytes memrequestbodybytes maxresponsebodybytes memresponsebodybytes",
        text="retryexpression",
    ),
    circuitbreaker=_struct(
        text="expression", duration="checkperiod fallbackduration recoveryduration", number="responsecode"
    ),
    compress=_alone(
        _struct(
            list="excludedcontenttypes includedcontenttypes encodings",
            number="minresponsebodybytes",
            text="defaultencoding",
        )
    ),
    passtlsclientcert=_struct(
        flag="pem",
        info=_struct(
            flag="notafter notbefore sans serialnumber",
            subject=_struct(flag=f"{_NAMES_OF_ISSUER} organizationalunit"),
            issuer=_struct(flag=_NAMES_OF_ISSUER),
        ),
    ),
    retry=_struct(
        number="attempts maxrequestbodybytes",
        duration="initialinterval timeout",
        list="status",
        flag="disableretryonnetworkerror retrynonidempotentmethod",
    ),
    contenttype=_alone(_struct(flag="autodetect")),
    grpcweb=_struct(list="alloworigins"),
    plugin=_mapping(RAW),
)
_HTTP = _struct(
    routers=_mapping(_HTTP_ROUTER),
    services=_mapping(_HTTP_SERVICE),
    middlewares=_mapping(_HTTP_MIDDLEWARE),
    models=_mapping(_struct(list="middlewares", tls=_HTTP_TLS, observability=_OBSERVABILITY)),
    serverstransports=_unread(_mapping(_TRANSPORT)),
)

# TCP and UDP.

_PROXY_PROTOCOL = _alone(_struct(number="version"))
_TCP_TRANSPORT = _struct(
    duration="dialkeepalive dialtimeout terminationdelay",
    proxyprotocol=_PROXY_PROTOCOL,
    tls=_alone(
        _struct(
            text="servername peercerturi",
            flag="insecureskipverify",
            list="rootcas",
            certificates=_CERTIFICATES,
            spiffe=_SPIFFE,
        )
    ),
)
_TCP_TLS = _alone(_struct(text="options certresolver", flag="passthrough", domains=_structs(_DOMAIN)))
_TCP_LIST = _struct(list="sourcerange")
_TCP = _struct(
    routers=_mapping(
        _struct(list="entrypoints middlewares", text="rule service rulesyntax", number="priority", tls=_TCP_TLS)
    ),
    services=_mapping(
        _struct(
            loadbalancer=_struct(
                text="serverstransport",
                number="terminationdelay",
                server=Type("server", {**_words(text="port", flag="tls"), "address": _unread(TEXT)}),
                proxyprotocol=_PROXY_PROTOCOL,
                healthcheck=_alone(
                    _struct(number="port", text="send expect", duration="interval unhealthyinterval timeout")
                ),
            ),
            weighted=_unread(_struct(services=_structs(_WEIGHTED), healthcheck=_HEALTH)),
        )
    ),
    middlewares=_mapping(_struct(inflightconn=_struct(number="amount"), ipallowlist=_TCP_LIST, ipwhitelist=_TCP_LIST)),
    serverstransports=_unread(_mapping(_TCP_TRANSPORT)),
)
_UDP = _struct(
    routers=_mapping(_struct(list="entrypoints", text="service")),
    services=_mapping(
        _struct(
            loadbalancer=_struct(server=Type("server", {**_words(text="port"), "address": _unread(TEXT)})),
            weighted=_unread(_struct(services=_structs(_WEIGHTED))),
        )
    ),
)
_STORE = _struct(
    defaultcertificate=_unread(_struct(text="certfile keyfile")),
    defaultgeneratedcert=_struct(text="resolver", domain=_struct(_DOMAIN)),
)
ROUTING = _struct(http=_HTTP, tcp=_TCP, udp=_UDP, tls=_struct(stores=_mapping(_STORE)))
"""What is below `traefik` in the labels that define routers, services and middlewares."""
PROVIDER = _struct(flag="enable", docker=_struct(text="network", flag="lbswarm allownonrunning"))
"""What is below `traefik` in the labels for the docker provider itself."""
PROVIDER_OF_SWARM = _struct(
    flag="enable", docker=_struct(text="network", flag="lbswarm"), swarm=_struct(text="network", flag="lbswarm")
)
"""The same for the swarm provider: it still reads the words of the other one, with a warning."""
