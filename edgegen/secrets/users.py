"""The users of registries (and of the dashboard): who must exist, who does, and new passwords."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct, field

from edgegen.core.errors import Problem
from edgegen.core.secret import Secret
from edgegen.files import Output, read_project_file
from edgegen.files.output import PRIVATE
from edgegen.kinds.parts import UsersFile, users_path
from edgegen.secrets.htpasswd import PASSWORD_LENGTH, Users, random_text
from edgegen.secrets.reload import reload_file


class Credential(Struct, frozen=True):
    """A password that was just made: shown once, stored only as a hash."""

    service: str
    user: str
    password: Secret
    path: str
    """The file that holds the hash."""

    def as_json(self) -> dict[str, str]:
        """For `--json`: the one place besides `line` that shows the password."""
        return {"service": self.service, "user": self.user, "password": self.password.reveal()}

    def line(self) -> str:
        """For the terminal."""
        return f"{self.service}: user {self.user}, password {self.password.reveal()}   (shown only now)"

    def lost(self, *, several: bool) -> Problem:
        """What to do if the password could not be shown. `several`: the spec has more than one registry."""
        again = f"edgegen registry user passwd {self.user}" + (f" --service {self.service}" if several else "")
        hint = f"run `{again}` to set another"
        if self.path != users_path(self.service):
            hint = f"delete the line of {self.user} in {self.path} and run `edgegen render`, which sets another"
        return Problem(f"the new password of {self.user} ({self.service}) is set, but could not be shown", hint=hint)


class UserFiles(Struct, frozen=True):
    """All htpasswd files (with what makes Traefik read them), those to complete, and the new passwords."""

    files: list[Output] = field(default_factory=list)
    completed: list[Output] = field(default_factory=list)
    credentials: list[Credential] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    """Users that can log in although the spec does not name them."""


def user_files(wanted: Sequence[UsersFile], project: Path) -> UserFiles:
    """A password for every user of the spec that has none yet. Others stay, with a remark."""
    result = UserFiles()
    for item in wanted:
        present = read_project_file(project, item.path)
        users = Users.parse(present or b"", item.path)
        result.remarks.extend(_not_named(user, item) for user in users.hashes if user not in item.users)
        missing = [user for user in item.users if user not in users.hashes]
        for user in missing:
            credential = Credential(item.service, user, random_text(PASSWORD_LENGTH), item.path)
            users = users.with_user(user, credential.password)
            result.credentials.append(credential)
        # Of an existing file only the mode is checked; missing users are added afterwards.
        content = users.content() if present is None else present
        result.files.append(Output(item.path, content, PRIVATE, keep=True))
        if item.by_traefik:
            result.files.append(reload_file(item.service, content))
        if present is not None and missing:
            result.completed.append(Output(item.path, users.content(), PRIVATE))
            if item.by_traefik:  # after the users, so that Traefik finds them
                result.completed.append(reload_file(item.service, users.content()))
    return result


def _not_named(user: str, file: UsersFile) -> Problem:
    remove = f"run `edgegen registry user rm {user} --service {file.service}`"
    if file.path != users_path(file.service):
        remove = f"delete the line of {user} in {file.path}"
    return Problem(
        f"{user} can still log in to `{file.service}`: {file.path} has a password for this user, and edge.yaml does "
        "not name it",
        hint=f"{remove}, or add {user} to `users`",
    )
