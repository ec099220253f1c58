"""What Traefik needs to log in at the usual DNS providers. Source: lego's documentation, "DNS Providers".

Providers that find a login by themselves where they run (Route 53, Google Cloud, Azure) are not here.
"""

from __future__ import annotations

Alternatives = tuple[tuple[str, ...], ...]

PROVIDERS: dict[str, tuple[tuple[str, ...], Alternatives]] = {
    "cloudflare": (("CF_", "CLOUDFLARE_"), (("CF_DNS_API_TOKEN",), ("CF_API_EMAIL", "CF_API_KEY"))),
    "digitalocean": (("DO_",), (("DO_AUTH_TOKEN",),)),
    "hetzner": (("HETZNER_",), (("HETZNER_API_TOKEN",), ("HETZNER_API_KEY",))),
    "ovh": (("OVH_",), (("OVH_APPLICATION_KEY", "OVH_APPLICATION_SECRET", "OVH_CONSUMER_KEY", "OVH_ENDPOINT"),)),
    "duckdns": (("DUCKDNS_",), (("DUCKDNS_TOKEN",),)),
    "godaddy": (("GODADDY_",), (("GODADDY_API_KEY", "GODADDY_API_SECRET"),)),
    "namecheap": (("NAMECHEAP_",), (("NAMECHEAP_API_USER", "NAMECHEAP_API_KEY"),)),
    "gandiv5": (("GANDIV5_",), (("GANDIV5_PERSONAL_ACCESS_TOKEN",),)),
    "linode": (("LINODE_",), (("LINODE_TOKEN",),)),
    "vultr": (("VULTR_",), (("VULTR_API_KEY",),)),
    "porkbun": (("PORKBUN_",), (("PORKBUN_API_KEY", "PORKBUN_SECRET_API_KEY"),)),
    "desec": (("DESEC_",), (("DESEC_TOKEN",),)),
    "inwx": (("INWX_",), (("INWX_USERNAME", "INWX_PASSWORD"),)),
    "netcup": (("NETCUP_",), (("NETCUP_CUSTOMER_NUMBER", "NETCUP_API_KEY", "NETCUP_API_PASSWORD"),)),
    "ionos": (("IONOS_",), (("IONOS_API_KEY",),)),
    "dnsimple": (("DNSIMPLE_",), (("DNSIMPLE_OAUTH_TOKEN",),)),
    "infomaniak": (("INFOMANIAK_",), (("INFOMANIAK_ACCESS_TOKEN",),)),
    "bunny": (("BUNNY_",), (("BUNNY_API_KEY",),)),
}
"""Provider -> (how its variables begin, the sets of variables of which it needs one)."""

ALSO: dict[str, Alternatives] = {
    "cloudflare": (
        ("CLOUDFLARE_DNS_API_TOKEN",), ("CLOUDFLARE_EMAIL", "CLOUDFLARE_API_KEY"),
        ("CF_API_EMAIL", "CLOUDFLARE_API_KEY"), ("CLOUDFLARE_EMAIL", "CF_API_KEY"),
    ),
    "digitalocean": (),
    "hetzner": (),
    "duckdns": (),
    "porkbun": (),
    "desec": (),
    "netcup": (),
}  # fmt: skip
"""Providers of which every way to log in is known: those that are not above."""

SECRETS = frozenset(
    {"CF_DNS_API_TOKEN", "CF_API_KEY", "CF_ZONE_API_TOKEN", "CLOUDFLARE_DNS_API_TOKEN", "CLOUDFLARE_API_KEY",
     "CLOUDFLARE_ZONE_API_TOKEN", "DO_AUTH_TOKEN", "HETZNER_API_TOKEN", "HETZNER_API_KEY", "OVH_APPLICATION_SECRET",
     "OVH_CONSUMER_KEY", "DUCKDNS_TOKEN", "GODADDY_API_SECRET", "NAMECHEAP_API_KEY", "GANDIV5_PERSONAL_ACCESS_TOKEN",
     "GANDIV5_API_KEY", "LINODE_TOKEN", "VULTR_API_KEY", "PORKBUN_API_KEY", "PORKBUN_SECRET_API_KEY", "DESEC_TOKEN",
     "INWX_PASSWORD", "NETCUP_API_KEY", "NETCUP_API_PASSWORD", "IONOS_API_KEY", "DNSIMPLE_OAUTH_TOKEN",
     "INFOMANIAK_ACCESS_TOKEN", "BUNNY_API_KEY", "AWS_SECRET_ACCESS_KEY", "AZURE_CLIENT_SECRET"}
)  # fmt: skip
"""Variables that hold a secret."""

NAMES = frozenset(
    """
    abion acme-dns acmedns active24 alidns aliesa allinkl alwaysdata anexia artfiles arvancloud auroradns autodns
    axelname azion azure azuredns baiducloud beget binarylane bindman bluecat bluecatv2 bookmyname brandit bunny
    checkdomain civo clouddns cloudflare cloudns cloudru cloudxns com35 connbyte conoha conohav3 constellix
    corenetworks cpanel curanet czechia dandomain ddnss derak desec designate digitalocean dinahosting directadmin
    dns51 dnscale dnsexit dnshomede dnsimple dnsla dnsmadeeasy dnsmint dnspod dnsservices dnsupdate dode domeneshop
    dreamhost duckdns dyn dynadot dyndnsfree dynu easydns edgecenter edgedns edgeone efficientip epik eurodns euserv
    excedo exec exoscale f5xc fastdns feno fornex freemyip gandi gandiv5 gcloud gcore gehirn gigahostno glesys gname
    godaddy googledomains gravity hetzner hostingde hostinger hostingnl hosttech hostup httpnet httpreq huaweicloud
    hurricane hyperone ibmcloud iij iijdpf infoblox infomaniak internetbs inwx ionos ionoscloud ipv64 ispconfig
    ispconfigddns iwantmyname jdcloud joker katapult keyhelp leaseweb liara lightsail limacity linode linodev4
    liquidweb loopia luadns mailinabox manageengine manual metaname metaregistrar mijnhost mittwald myaddr mydnsjp
    myra mythicbeasts namecheap namedotcom namesilo namesurfer nearlyfreespeech nederhost neodigit netcup netlify
    netnod nexdns ngenix nicmanager nicru nifcloud njalla nodion ns1 octenium omglol onecloudru onlinenet
    openprovider opusdns oraclecloud otc ovh pdns plesk pointdns porkbun poweradmin rackspace rage4 rainyun
    rcodezero regfish regru rfc2136 rimuhosting route53 safedns sakuracloud scaleway scannet selectel selectelv2
    selfhostde servercow shellrent simply sonic spaceship stackpath syse technitium tele3 tencentcloud timewebcloud
    todaynic transip ucloud ultradns uniteddomains variomedia veesp vegadns vercel versio vinyldns virtualname
    vkcloud volcengine vscale vultr wannafind webglobe webnames webnamesca webnamesru websupport wedos westcn xinnet
    yandex yandex360 yandexcloud zilore zoneedit zoneee zonomi
    """.split()  # noqa: SIM905  # words, not two hundred lines
)
"""Every provider of lego in Traefik 3.7.15, older names, and those that are gone."""
