"""The records of one zone as Cloudflare keeps them: its limits, its refusals, its spelling."""

from __future__ import annotations

import copy
import hashlib
import ipaddress
import re
from dataclasses import dataclass, field
from typing import Any

POINTERS = ("A", "AAAA", "CNAME")
COMMENT = {"free": 100}
BATCH = {"free": 200}
QUOTA = {"free": 200}
PAID_COMMENT, PAID_BATCH, PAID_QUOTA = 500, 3500, 3500


class Refusal(Exception):
    """The API's "no": status, code, message."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@dataclass
class FakeZone:
    """A zone. `plan` is free or anything paid; `created` decides the free plan's quota, `text` how TXT is shown."""

    id: str
    name: str
    plan: str = "business"
    status: str = "active"
    paused: bool = False
    type: str = "full"
    created: str = "2025-01-01T00:00:00Z"
    ssl: str = "strict"
    comments: bool = True
    account: str | None = "acc"
    text: str = "quoted"
    shadows: bool = False
    """Records at and below a delegation are kept, though nobody sees them: newer pages of Cloudflare say so."""
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    serial: int = 0

    @property
    def quota(self) -> int:
        if self.plan != "free":
            return PAID_QUOTA
        return 1000 if self.created < "2024-09-01" else QUOTA["free"]

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "status": self.status,
            "paused": self.paused,
            "type": self.type,
            "created_on": self.created,
            "plan": {"legacy_id": self.plan},
            "permissions": ["#dns_records:edit", "#dns_records:read", "#zone:read"],
            **({"account": {"id": self.account, "name": "Its account"}} if self.account else {}),
        }

    def batch(self, body: dict[str, Any]) -> dict[str, Any]:
        """Deletes, patches, puts, posts; all or nothing."""
        parts = {key: body.get(key) or [] for key in ("deletes", "patches", "puts", "posts")}
        size = sum(len(part) for part in parts.values())
        if size > BATCH.get(self.plan, PAID_BATCH):
            raise Refusal(400, 81081, f"A batch of {size} operations is more than this plan allows.")
        before, serial = copy.copy(self.records), self.serial
        try:
            return {
                "deletes": [self.delete(item["id"]) for item in parts["deletes"]],
                "patches": [self.patch(item["id"], item) for item in parts["patches"]],
                "puts": [self.patch(item["id"], item, whole=True) for item in parts["puts"]],
                "posts": [self.post(item) for item in parts["posts"]],
            }
        except Refusal:
            self.records, self.serial = before, serial
            raise

    def delete(self, record_id: str) -> dict[str, Any]:
        self._writable(record_id)
        return self.records.pop(record_id)

    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        if len(self.records) >= self.quota:
            raise Refusal(400, 81045, "Record quota exceeded.")
        self.serial += 1
        record = self._checked({"comment": None, "tags": [], "proxied": False, **body}, None)
        record["id"] = hashlib.md5(f"{self.id}{self.serial}".encode()).hexdigest()
        record["created_on"] = f"2026-01-01T00:00:00.{self.serial:06d}Z"
        self.records[record["id"]] = record
        return record

    def patch(self, record_id: str, body: dict[str, Any], *, whole: bool = False) -> dict[str, Any]:
        old = self._writable(record_id)
        kept = {} if whole else {key: value for key, value in old.items() if not (key == "data" and "content" in body)}
        record = self._checked({**kept, **body, "id": record_id}, record_id)
        self.records[record_id] = record
        return record

    def _writable(self, record_id: str) -> dict[str, Any]:
        record = self.records.get(record_id)
        if record is None:
            raise Refusal(404, 81044, "Record does not exist.")
        if (record.get("meta") or {}).get("read_only"):
            raise Refusal(400, 1043, "This record is managed by another product and read only.")
        return record

    def _checked(self, body: dict[str, Any], own_id: str | None) -> dict[str, Any]:
        kind = body["type"]
        record = {**body, "name": self._name(str(body["name"])), "ttl": self._ttl(body)}
        record.update(self._content(kind, body))
        record["proxied"] = bool(body.get("proxied")) and kind in POINTERS
        record["proxiable"] = kind in POINTERS
        if record["proxied"]:
            record["ttl"] = 1
        record["comment"] = self._comment(body.get("comment"))
        if record["proxied"] and kind != "CNAME" and _never_proxied(record["content"]):
            raise Refusal(400, 9003, f"Target {record['content']} is not allowed for a proxied record.")
        self._exclusive(record, own_id)
        if not self.shadows:
            self._delegated(record, own_id)
        return record

    def _name(self, name: str) -> str:
        plain = name.lower().removesuffix(".")
        plain = plain if plain.isascii() else ".".join(p.encode("idna").decode() for p in plain.split("."))
        if plain != self.name and not plain.endswith(f".{self.name}"):
            plain = f"{plain}.{self.name}"
        return plain

    def _ttl(self, body: dict[str, Any]) -> int:
        ttl = body.get("ttl", 1)
        if not isinstance(ttl, int) or (ttl != 1 and not 60 <= ttl <= 86400):
            raise Refusal(400, 9021, "Invalid TTL. Must be between 60 and 86400 seconds, or 1 for Automatic.")
        return ttl

    def _comment(self, text: str | None) -> str | None:
        if not self.comments or not text:
            return None
        if "\n" in text or "\r" in text or len(text) > COMMENT.get(self.plan, PAID_COMMENT):
            raise Refusal(400, 9313, "Invalid comment.")
        return text

    def _content(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        if kind in ("A", "AAAA"):
            try:
                address = ipaddress.ip_address(body["content"])
            except ValueError:
                raise Refusal(400, 9005, f"Content for {kind} record is invalid.") from None
            if address.version != (4 if kind == "A" else 6):
                raise Refusal(400, 9005, f"Content for {kind} record is invalid.")
            return {"content": str(address)}
        if kind == "TXT":
            return {"content": self._text(body["content"])}
        if kind == "SRV":
            data = dict(body["data"])
            data["target"] = data["target"].lower().removesuffix(".")
            content = f"{data['weight']} {data['port']} {data['target']}"
            return {"data": data, "priority": data["priority"], "content": content}
        if kind == "CAA":
            data = dict(body["data"])
            return {"data": data, "content": f'{data["flags"]} {data["tag"]} "{data["value"]}"'}
        if kind in ("CNAME", "MX", "NS"):
            target = body["content"].lower().removesuffix(".")
            if not target.isascii():
                target = ".".join(part.encode("idna").decode() for part in target.split("."))
            return {"content": target, **({"priority": body["priority"]} if kind == "MX" else {})}
        return {"content": body.get("content", "")}

    def _text(self, text: str) -> str:
        joined = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text)) if text.startswith('"') else text.replace('"', '\\"')
        if self.text == "bare":
            return joined if '"' not in joined and "\\" not in joined else f'"{joined}"'
        pieces = re.findall(r"(?:\\\d{3}|\\.|[^\\]){1,255}", joined, re.DOTALL) or [""]
        return " ".join(f'"{piece}"' for piece in pieces)

    def _exclusive(self, record: dict[str, Any], own_id: str | None) -> None:
        beside = [item for key, item in self.records.items() if key != own_id and item["name"] == record["name"]]
        kinds = {item["type"] for item in beside} & set(POINTERS)
        if record["type"] == "CNAME" and kinds:
            raise Refusal(400, 81053, "An A, AAAA, or CNAME record with that host already exists.")
        if record["type"] in POINTERS and "CNAME" in kinds:
            raise Refusal(400, 81054, "A CNAME record with that host already exists.")
        same = [item for item in beside if _identity(item) == _identity(record)]
        if same and record["type"] != "SRV":
            raise Refusal(400, 81058, "An identical record already exists.")

    def _delegated(self, record: dict[str, Any], own_id: str | None) -> None:
        name, others = record["name"], [item for key, item in self.records.items() if key != own_id]
        servers = [item for item in others if item["type"] == "NS" and item["name"] != self.name]
        here = [item for item in servers if item["name"] == name]
        above = [item for item in servers if name.endswith(f".{item['name']}")]
        if record["type"] in POINTERS and here:
            raise Refusal(400, 81056, "NS records with that host already exist.")
        if record["type"] == "NS" and any(item["name"] == name and item["type"] in POINTERS for item in others):
            raise Refusal(400, 81055, "Non-NS records with that host already exist.")
        if above and not (record["type"] in ("A", "AAAA") and name in {item["content"] for item in servers}):
            raise Refusal(400, 89018, "Cannot create a non-glue record that is beneath a delegated child zone.")


def _never_proxied(address: str) -> bool:
    """Addresses that lead to nobody on the internet, or to Cloudflare; those of examples are taken, as is `100::`."""
    found = ipaddress.ip_address(address)
    blocks = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10",
              "0.0.0.0/32", "fc00::/7", "fe80::/10", "::1/128", "1.1.1.0/24", "1.0.0.0/24", "104.16.0.0/13",
              "172.64.0.0/13", "2606:4700::/32")  # fmt: skip
    return any(found in ipaddress.ip_network(block) for block in blocks)


def _identity(record: dict[str, Any]) -> tuple[Any, ...]:
    """Two MX of one target and two priorities are two records, as they are in DNS."""
    return record["type"], record["content"], record.get("priority")
