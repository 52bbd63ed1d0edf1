"""`giro.toml`: how a round works. The controller may edit it; nothing secret stands in it.

Pydantic is imported here and not by `import perfxl`.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from perfxl.rounds.folder import SETTINGS
from perfxl.toml_files import checked, read_toml

Text = Annotated[str, Field(min_length=1)]
Port = Annotated[int, Field(ge=1, le=65535)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)  # a password may have been typed there


class Sender(_Section):
    """Who writes to the offices."""

    name: str = Field("", description="nome che compare come mittente")
    address: str = Field("", description="indirizzo del mittente")
    reply_to: str = Field("", description="indirizzo a cui rispondere, se diverso")


class Smtp(_Section):
    """The server that sends. The password comes from the keyring or the environment, never from here."""

    host: Text = Field(description="server")
    port: Port = Field(587, description="porta")
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="starttls, tls, o none (soltanto verso la macchina stessa)"
    )
    user: str = Field("", description="utente")
    per_minute: Annotated[int, Field(ge=1, le=600)] = Field(30, description="messaggi al minuto")
    attempts: Annotated[int, Field(ge=1, le=10)] = Field(3, description="tentativi per messaggio")
    ca_file: str = Field("", description="certificati di chi garantisce il server, se non sono quelli del sistema")


class Imap(_Section):
    """The mailbox in which the replies arrive. It is read, and changed only where `move_to` asks for it."""

    host: Text = Field(description="server")
    port: Port = Field(993, description="porta")
    security: Literal["tls", "starttls", "none"] = Field(
        "tls", description="tls, starttls, o none (soltanto verso la macchina stessa)"
    )
    user: Text = Field(description="utente")
    mailbox: Text = Field("INBOX", description="cartella della casella")
    move_to: str = Field("", description="cartella in cui spostare i messaggi raccolti; vuota: non si sposta niente")
    ca_file: str = Field("", description="certificati di chi garantisce il server, se non sono quelli del sistema")


class Settings(_Section):
    """The whole file."""

    sender: Sender = Field(Sender.model_validate({}), description="mittente")
    smtp: Smtp | None = Field(None, description="server di invio")
    imap: Imap | None = Field(None, description="casella delle risposte")
    ca_bundle: str = Field("", description="certificati con cui verificare chi ha emesso le firme; vuoto: non verificata")


DEFAULT = """\
# Come funziona il giro. Le password non stanno qui: si danno con la variabile d'ambiente PERFXL_PASSWORD_SMTP
# (o PERFXL_PASSWORD_IMAP), oppure nel portachiavi del sistema.

# ca_bundle = "autorita.pem"  # i certificati delle autorità, nella cartella del giro: senza, le firme sono «non verificata»

[sender]
name = ""                # Ufficio Programmazione e controllo
address = ""             # controllo@ente.it
reply_to = ""

# [smtp]                 # per spedire senza passare dalle bozze
# host = "smtp.ente.it"
# port = 587
# security = "starttls"  # starttls o tls
# user = "controllo@ente.it"
# per_minute = 30

# [imap]                 # per raccogliere le risposte dalla casella
# host = "imap.ente.it"
# user = "controllo@ente.it"
# mailbox = "INBOX"
# move_to = ""           # vuota: la casella non viene toccata
"""


UNKNOWN = (
    "Se è una password, non va in questo file: si dà con la variabile d'ambiente PERFXL_PASSWORD_SMTP (o PERFXL_PASSWORD_IMAP), "
    "oppure nel portachiavi («keyring set perfxl utente»)."
)


def load_settings(folder: str | Path) -> Settings:
    """The settings of a round's folder; the defaults where the file isn't there.

    Raises:
        DeclarationError: (attributes `file`, `key`) the file isn't valid.
    """
    path = Path(folder) / SETTINGS
    return (
        checked(read_toml(path, "giro"), str(path), Settings, unknown=UNKNOWN) if path.is_file() else Settings.model_validate({})
    )
