"""A secret that is sent to the builder.

What it does
    Reports a certificate store, a file of `secrets:`, an htpasswd file or a private key of the project that lies in a
    build context and that `.dockerignore` does not exclude.

Why
    `COPY . .` puts it into the image, and whoever can pull the image has it. What the Dockerfile copies today does
    not matter: its next line may be `COPY . .`.

Example
    `build: .` next to `./acme/acme.json`, with a `.dockerignore` that only has `node_modules`

Instead
    `acme` in `.dockerignore`, or a context without secrets: `build: ./web`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from edgegen.core.finding import Severity
from edgegen.core.show import first_few
from edgegen.dockerignore import BadPatternError, Builder, parse, reaches_builder
from edgegen.lint.model import Disk, Project, Service
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.secret_files import LIMIT, secrets_of

RULE = Rule("EL077", "secret-in-build-context", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each context with secrets in it."""
    if project.disk is None or not any(service.built for service in project.services.values()):
        return
    secrets = [item for item in secrets_of(project) if item.kind != "env" and project.disk.kind(item.path) == "file"]
    if not secrets:
        return
    for service in project.services.values():
        if service.built and (context := _context(service)) is not None:
            held = [item for item in secrets if _below(item.path, context)]
            sent = sorted({item.path for item in held if _is_sent(project.disk, context, item.path, service)})
            if sent:
                names = first_few((f"`{name}`" for name in sent), 3)
                message = f"the build context `{context}` sends secrets to the builder: {names}"
                yield Found(service.name, message, service.spot.at("build"), "exclude them in `.dockerignore`")


def _context(service: Service) -> str | None:
    build = service.data.get("build")
    context = str(build.get("context") or ".") if isinstance(build, Mapping) else str(build or "")
    if not context or "$" in context or "://" in context or context.startswith(("git@", "~", "/")):
        return None
    return posixpath.normpath(context)


def _below(path: str, context: str) -> str:
    """The path relative to the context; empty where it is outside."""
    if path.startswith(("/", "..")):
        return path[len(context) + 1 :] if path.startswith(f"{context}/") and context != "." else ""
    return path if context == "." else path[len(context) + 1 :] if path.startswith(f"{context}/") else ""


def _is_sent(disk: Disk, context: str, path: str, service: Service) -> bool:
    build = service.data.get("build")
    dockerfile = str(build.get("dockerfile") or "Dockerfile") if isinstance(build, Mapping) else "Dockerfile"
    for name in (posixpath.join(context, f"{dockerfile}.dockerignore"), posixpath.join(context, ".dockerignore")):
        content = disk.read(name, LIMIT)
        if content is not None:
            try:
                return reaches_builder(_below(path, context), parse(content), Builder.BUILDKIT)
            except BadPatternError:
                return False
    return True
