"""Static options with values and references that only show when Traefik starts: by hand, one a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.lint.agreement.static_cases import LANGUAGES, Case

_ROWS = """
certificatesresolvers.le.acme.dnschallenge.provider=azure
certificatesresolvers.le.acme.dnschallenge.provider=cloudflare
certificatesresolvers.le.acme.dnschallenge.delaybeforecheck=5
certificatesresolvers.le.acme.dnschallenge.disablepropagationcheck=true
certificatesresolvers.le.acme.clienttimeout=5s
certificatesresolvers.le.acme.clientresponseheadertimeout=5m
certificatesresolvers.le.acme.storage=
certificatesresolvers.le.acme.keytype=EC384
certificatesresolvers.le.acme.certificatesduration=0
certificatesresolvers.le.acme.certificatesduration=-1
certificatesresolvers.le.acme.certificatesduration=1080
certificatesresolvers.le.acme.httpchallenge.entrypoint=nope
certificatesresolvers.le.acme.httpchallenge.entrypoint=web
certificatesresolvers.le.acme.httpchallenge.entrypoint=Web
certificatesresolvers.le.tailscale=true
accesslog.format=json
accesslog.format=nope
accesslog.format=JSON
accesslog.filters.statuscodes=nope
accesslog.filters.statuscodes=200,400-499
accesslog.fields.defaultmode=drop
log.level=nope
log.level=info
log.level=TRACE
log.level=WARNING
log.level=WARN
entrypoints.websecure.forwardedheaders.trustedips=nope
entrypoints.websecure.forwardedheaders.trustedips=10.0.0.0/33
entrypoints.websecure.forwardedheaders.trustedips=10.0.0.1/8,::1
entrypoints.websecure.forwardedheaders.trustedips=10.0.0.0/255.0.0.0
entrypoints.websecure.proxyprotocol.trustedips=nope
entrypoints.websecure.proxyprotocol.trustedips=127.0.0.1/32
entrypoints.web.address=80
entrypoints.web.address=:99999
entrypoints.web.address=:0/foo
entrypoints.web.address=:0/TCP
entrypoints.web.address=::1:80
entrypoints.web.address=[::1]:0
entrypoints.x.asdefault=true
entrypoints.x.address=:0/udp
entrypoints.web.http.middlewares=nope@file
entrypoints.web.http.middlewares=good@file
entrypoints.web.http.middlewares=good@file,nope@file
entrypoints.websecure.http.tls.certresolver=nope
entrypoints.websecure.http.tls.certresolver=le
entrypoints.websecure.http.tls.certresolver=LE
entrypoints.websecure.http.tls.options=nope@file
entrypoints.websecure.http.tls.options=good@file
entrypoints.web.http.redirections.entrypoint.to=nope
entrypoints.web.http.redirections.entrypoint.to=WebSecure
entrypoints.web.http.redirections.entrypoint.to=:443
entrypoints.web.http.redirections.entrypoint.to=443
entrypoints.web.http.redirections.entrypoint.to=
entrypoints.web.http.redirections.entrypoint.priority=10
entrypoints.web.http.redirections.entrypoint.permanent=false
entrypoints.web.http.encodequerysemicolons=true
entrypoints.websecure.http3=true
entrypoints.websecure.http3.advertisedport=443
entrypoints.web.http2.maxconcurrentstreams=-1
entrypoints.web.http2.maxconcurrentstreams=100
entrypoints.web.transport.respondingtimeouts.readtimeout=0
entrypoints.web.transport.respondingtimeouts.readtimeout=1h30m
entrypoints.web.transport.lifecycle.gracetimeout=5
entrypoints.web.http.aliasheadersstrategy=nope
entrypoints.web.http.aliasheadersstrategy=delete
entrypoints.web.http.underscoreheadersstrategy=nope
entrypoints.web.asdefault=true
core.defaultrulesyntax=v1
core.defaultrulesyntax=v2
core.defaultrulesyntax=v3
providers.precedence=nope
providers.precedence=docker,file
providers.precedence=Docker
ping.entrypoint=nope
ping.entrypoint=web
ping.terminatingstatuscode=204
ping.manualrouting=true
api.basepath=nope
api.basepath=/traefik
api.dashboard=false
api.insecure=true
metrics.prometheus=true
metrics.prometheus.entrypoint=nope
metrics.prometheus.entrypoint=web
metrics.prometheus.buckets=0.1,0.5
metrics.prometheus.buckets=a,b
providers.providersthrottleduration=0
providers.providersthrottleduration=10s
providers.docker.exposedbydefault=false
providers.docker.swarmmode=true
providers.docker.swarmmode=false
providers.docker.swarmmoderefreshseconds=5
providers.docker.tls.caoptional=true
providers.docker.network=edge
providers.swarm.refreshseconds=5
providers.marathon=true
providers.marathon.endpoint=http://a
providers.rancher=true
providers.consul.namespace=x
providers.file.watch=false
pilot.token=x
pilot.dashboard=false
experimental.http3=true
experimental.fastproxy=true
experimental.kubernetesgateway=true
tracing.jaeger=true
tracing.zipkin.httpendpoint=http://a
tracing.datadog=true
tracing.spannamelimit=5
tracing.elastic=true
metrics.influxdb.address=a:1
global.sendanonymoususage=false
serverstransport.insecureskipverify=true
serverstransport.forwardingtimeouts.dialtimeout=3s
tcpserverstransport.dialtimeout=1s
hostresolver.cnameflattening=true
log.filepath=
log.nocolor=true
log.maxsize=5
""".split()  # noqa: SIM905  # one a line


def special(start: Mapping[str, str]) -> Iterator[Case]:
    """Each in two languages."""
    for turn, row in enumerate(_ROWS):
        option, _, value = row.partition("=")
        if option.startswith("certificatesresolvers.le.acme.") and "challenge" in option:
            kept = {key: item for key, item in start.items() if not key.endswith("tlschallenge")}
        else:
            kept = dict(start)
        kept = {key: item for key, item in kept.items() if not option.startswith(f"{key}.")}
        for language in (LANGUAGES[turn % 4], LANGUAGES[(turn + 2) % 4]):
            yield Case(f"special {language} {row}", language, {**kept, option: value}, option, by_hand=True)
