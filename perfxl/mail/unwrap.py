"""Unwrapping: one wrapping after the other is taken off, whatever their order, until there is a sheet or nothing to open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from perfxl.findings import finding
from perfxl.mail.archive import files_of
from perfxl.mail.budget import Budget
from perfxl.mail.harvest import EMPTY_LETTER, RENAMED, Around, Harvest, Stray
from perfxl.mail.kinds import WRAPPINGS, Kind, Look, armoured, look_at
from perfxl.mail.letter import Letter, Piece
from perfxl.mail.mailbox import messages_of
from perfxl.mail.message import read_letter
from perfxl.mail.names import clean, odd, plain, suffix, within
from perfxl.mail.parcel import LIMITS, MIB, Found, Limits, Problem, RefusedError, Unwrapped, digest
from perfxl.mail.pec import Post, contradiction, envelope_of, failure, receipt_of, seal_fault

if TYPE_CHECKING:
    from perfxl.mail.certificates import Anchors
    from perfxl.mail.daticert import Daticert
    from perfxl.mail.signed import Opened

_SUFFIXES = {
    Kind.ARCHIVE: {".zip"},
    Kind.LETTER: {".eml", ".mht", ".m7m", ".mim", ".p7m", ".txt"},
    Kind.OUTLOOK: {".msg"},
    Kind.MAILBOX: {".mbox", ".mbx", ".eml", ""},
    Kind.SIGNED: {".p7m", ".p7s", ".p7", ".m7m"},
    Kind.ARMOURED: {".p7m", ".p7s", ".p7", ".pem", ".b64", ".m7m"},
    Kind.STAMPED: {".tsd"},
}
_BOOKS = {"xlsx": {".xlsx", ".xlsm", ".xltx", ".xltm"}, "xls": {".xls", ".xlt"}, "ods": {".ods", ".ots"}}
_NOTICES = {"delivery-status", "disposition-notification"}


def unwrap(name: str, data: bytes, *, limits: Limits = LIMITS, ca_bundle: bytes = b"") -> Unwrapped:
    """The sheets inside a file, whatever it is, with what the wrappings say of them; PEC receipts; what is to be told.

    Pure: nothing is written, fetched or run. Every file ends in at least one sheet, receipt or finding.

    Args:
        name: the file's name; it is data, and only shown.
        data: its bytes.
        limits: how much is opened at most.
        ca_bundle: certificates (PEM) of the authorities that are trusted; without them no signature is.

    Raises:
        RoundError: for a bundle without a readable certificate. Never for the data.
    """
    if len(data) > limits.file_bytes:
        shown = clean(name, "file")
        found = f"{len(data) // MIB} MB (al massimo {limits.file_bytes // MIB})"
        return Unwrapped(problems=(Problem(shown, digest(data), finding("PX-M004", found, file=shown)),))
    piece = Piece(clean(name, "file"), data, written=name if odd(name) else "")
    return _Unwrapping(limits, ca_bundle).pieces([piece], Around()).finished(piece)


class _Unwrapping:
    """The way through one file: the limits that are left, and the authorities that are trusted."""

    def __init__(self, limits: Limits, ca_bundle: bytes) -> None:
        self.limits = limits
        self.budget = Budget(limits)
        self.anchors: Anchors | None = None
        if ca_bundle:
            from perfxl.mail.certificates import anchors_of

            self.anchors = anchors_of(ca_bundle)
        self._openers: dict[Kind, Callable[[Piece, Around], Harvest]] = {
            Kind.ARCHIVE: self._archive,
            Kind.LETTER: self._letter,
            Kind.OUTLOOK: self._outlook,
            Kind.MAILBOX: self._mailbox,
            Kind.SIGNED: self._signed,
            Kind.ARMOURED: self._armoured,
            Kind.STAMPED: self._stamped,
        }

    def pieces(self, pieces: Iterable[Piece], around: Around, *, each_alone: bool = False) -> Harvest:
        """What is in a wrapping, in its order. Wrappings inside are opened last: a bomb takes no sheet beside it away.

        `each_alone`: the pieces have nothing to do with one another (a mailbox): none makes up for the lack of a sheet in another.
        """
        harvests: list[Harvest] = []
        later: list[tuple[int, Piece, Look]] = []
        for piece in pieces:
            if not self.budget.take(len(piece.data)):
                harvests.append(self._stopped(piece, around))
                break
            look = Look(Kind.LETTER) if piece.letter else self._look(piece)
            if look.kind in WRAPPINGS:
                later.append((len(harvests), piece, look))
                harvests.append(Harvest())
            else:
                harvests.append(self._leaf(piece, look, around))
        sheets = any(harvest.sheets for harvest in harvests)
        for place, piece, look in later:
            if self.budget.spent:
                harvests[place] = self._stopped(piece, around)
                break
            harvests[place] = self._wrapping(piece, look, around, beside=sheets and not each_alone)
        whole = Harvest()
        for harvest in harvests:
            if each_alone:
                harvest.settle()
            whole.add(harvest)
        return whole

    def _look(self, piece: Piece) -> Look:
        if piece.aside:
            return Look(Kind.OTHER, piece.aside)
        if piece.trouble:
            return Look(Kind.REFUSED, piece.trouble.found, piece.trouble.code)
        return look_at(piece.name, piece.data)

    def _stopped(self, piece: Piece, around: Around) -> Harvest:
        found = f"{self.budget.spent}: da «{piece.name}» in poi non è stato aperto altro"
        return Harvest(problems=[around.problem("PX-M005", found, piece)])

    # -- what isn't a wrapping -----------------------------------------------------------------------------------

    def _leaf(self, piece: Piece, look: Look, around: Around) -> Harvest:
        if piece.aside:
            return self._noted(piece, look, around, Harvest(aside=Counter([piece.aside])))
        if look.kind is Kind.WORKBOOK:
            harvest = Harvest(sheets=[around.found(piece.name, piece.data)])
        elif look.kind is Kind.REFUSED:
            harvest = Harvest(problems=[around.problem(look.code, f"«{piece.name}»: {look.nature}", piece)])
        elif look.kind is Kind.IMAGE and around.in_letter and len(piece.data) < self.limits.small_image:
            harvest = Harvest(aside=Counter(["immagine piccola"]))
        else:
            harvest = Harvest(strays=[Stray(piece, around, look.nature)])
        return self._noted(piece, look, around, harvest)

    def _noted(self, piece: Piece, look: Look, around: Around, harvest: Harvest) -> Harvest:
        """What is to be told of a name: that it tried to be a path, that it says another kind."""
        if piece.written:
            found = f"«{plain(piece.written, 120)}», mostrato come «{piece.name}»"
            harvest.problems.append(around.problem(RENAMED, found, piece))
        expected = _BOOKS[look.nature] if look.kind is Kind.WORKBOOK else _SUFFIXES.get(look.kind)
        written = suffix(piece.name)
        if expected and written and piece.letter is None and written not in expected:
            found = f"estensione «{written}», contenuto: {look.nature}"
            harvest.problems.append(around.problem("PX-L009", found, piece))
        return harvest

    # -- wrappings -----------------------------------------------------------------------------------------------

    def _wrapping(self, piece: Piece, look: Look, around: Around, *, beside: bool) -> Harvest:
        """What is in it; `beside`: whether a sheet lies next to it, which it may be the signature of."""
        if len(around.chain) >= self.limits.levels:
            found = f"più di {self.limits.levels} involucri uno dentro l'altro"
            return Harvest(problems=[around.problem("PX-M006", found, piece)])
        try:
            harvest = self._openers[look.kind](piece, around)
        except RefusedError as error:
            if error.code == "PX-M014" and suffix(piece.name) == ".p7s" and around.chain:
                return Harvest(aside=Counter(["firma separata (non controllata)"]))
            if error.code == "PX-M014" and beside:
                found = f"«{piece.name}»: firma separata, accanto al foglio: non è stata controllata"
                return Harvest(problems=[around.problem("PX-M016", found, piece)])
            harvest = Harvest(problems=[around.problem(error.code, f"«{piece.name}»: {error.found}", piece)])
        if not harvest.told and not harvest.aside:
            harvest.strays.append(Stray(piece, around, f"{look.nature} senza niente dentro"))
        return self._noted(piece, look, around, harvest)

    def _archive(self, piece: Piece, around: Around) -> Harvest:
        return self.pieces(files_of(piece.data, self.limits), around.inside(piece.name))

    def _mailbox(self, piece: Piece, around: Around) -> Harvest:
        return self.pieces(messages_of(piece.data), around.inside(piece.name), each_alone=True)

    def _signed(self, piece: Piece, around: Around, data: bytes = b"") -> Harvest:
        from perfxl.mail.signed import open_signed

        return self._opened(open_signed(data or piece.data, self.anchors), piece, around)

    def _armoured(self, piece: Piece, around: Around) -> Harvest:
        return self._signed(piece, around, armoured(piece.data))

    def _opened(self, opened: Opened, piece: Piece, around: Around) -> Harvest:
        inner = replace(around.inside(piece.name), signatures=(*opened.signatures, *around.signatures))
        harvest = self.pieces([Piece(within(piece.name), opened.content)], inner)
        harvest.problems += [around.problem(code, f"«{piece.name}»: {found}", piece) for code, found in opened.faults]
        return harvest

    def _stamped(self, piece: Piece, around: Around) -> Harvest:
        from perfxl.mail.signed import open_stamped

        harvest = self.pieces([Piece(within(piece.name), open_stamped(piece.data))], around.inside(piece.name))
        harvest.aside["marca temporale (non controllata)"] += 1
        return harvest

    # -- messages ------------------------------------------------------------------------------------------------

    def _outlook(self, piece: Piece, around: Around) -> Harvest:
        from perfxl.mail.outlook import read_outlook

        return self._message(read_outlook(piece.data, self.limits), piece, around)

    def _letter(self, piece: Piece, around: Around) -> Harvest:
        return self._message(piece.letter or read_letter(piece.data, self.limits), piece, around)

    def _message(self, letter: Letter, piece: Piece, around: Around) -> Harvest:
        """A message: what it says of its sender and time goes with what is in it."""
        harvest = Harvest()
        envelope = envelope_of(letter)
        inner = _within_letter(letter, around.inside(piece.name))
        said = _by_letter(letter, around)
        if envelope.fault:
            harvest.problems.append(said.problem("PX-M019", f"«{piece.name}»: {envelope.fault}", piece))
        if envelope.post is Post.RECEIPT:
            receipt = receipt_of(letter, envelope.data)
            harvest.receipts.append(receipt)
            if receipt.undelivered:
                found = f"«{piece.name}»: ricevuta di {receipt.type}, {failure(receipt, envelope.data)}"
                harvest.problems.append(said.problem("PX-M020", found, piece))
            harvest.copies += self._copies(envelope.copies, inner)
        elif envelope.post is Post.ANOMALY:
            harvest.aside["busta di anomalia (posta ordinaria arrivata in una casella PEC)"] += 1
        elif envelope.post is Post.ORDINARY and envelope.data:
            found = f"«{piece.name}»: dati di certificazione in un messaggio ordinario: valgono data e mittente del messaggio"
            harvest.problems.append(said.problem("PX-M018", found, piece))
        elif envelope.post is Post.TRANSPORT and envelope.data:
            believed, fault = seal_fault(letter)
            inner = _certified(inner, envelope.data) if believed else inner
            said = replace(said, sender=inner.sender) if believed else said
            if fault:
                harvest.problems.append(said.problem("PX-M018", f"«{piece.name}»: {fault}", piece))
            if odds := contradiction(letter, envelope.data):
                harvest.problems.append(said.problem("PX-M023", f"«{piece.name}»: {odds}", piece))
        rest = envelope.rest
        if letter.report in _NOTICES:
            code = "PX-M020" if letter.undelivered else "PX-M022"
            harvest.problems.append(said.problem(code, f"«{piece.name}»: {letter.notice or 'avviso automatico'}", piece))
            # The copy of our own message that came back with the notice is nobody's reply
            rest = tuple(each for each in rest if each.letter is None and suffix(each.name) != ".eml")
        harvest.add(self.pieces(rest, inner))
        return _concluded(harvest, letter, piece, said)

    def _copies(self, pieces: tuple[Piece, ...], around: Around) -> list[Found]:
        """The sheets in what a receipt brings back. What else is in there, and in which state, is nobody's business."""
        harvest = self.pieces(pieces, around)
        return [*harvest.sheets, *harvest.copies]


def _concluded(harvest: Harvest, letter: Letter, piece: Piece, around: Around) -> Harvest:
    """A message that told nothing is told itself; the last word is its own, unless it is inside another and has no sheet."""
    if not harvest.told:
        harvest.strays.append(Stray(piece, around, _lack(letter), "PX-M022" if letter.automatic else EMPTY_LETTER))
    if harvest.sheets or not around.in_letter:
        harvest.settle()
    return harvest


def _certified(around: Around, data: Daticert) -> Around:
    """What PEC certifies goes before what the messages inside say."""
    # The message that is certified is the one inside: it gives its own identifier
    known = replace(around, sender=data.sender or around.sender, message_id="", certified=True)
    return replace(known, sent_at=data.when, when_from="pec") if data.when else known


def _by_letter(letter: Letter, around: Around) -> Around:
    """What is told of a message itself: who wrote it, and which one it is."""
    if around.certified:
        return around
    return replace(around, sender=letter.sender or around.sender, message_id=letter.message_id or around.message_id)


def _within_letter(letter: Letter, around: Around) -> Around:
    """What a message says of what is in it. What PEC certifies of an outer message isn't changed by an ordinary one inside."""
    around = replace(around, forwarded=around.in_letter)
    if around.certified:
        return replace(around, in_letter=True, message_id=around.message_id or letter.message_id)
    changed = replace(
        around, in_letter=True, sender=letter.sender or around.sender, message_id=letter.message_id or around.message_id,
        received_at=letter.received_at or around.received_at,
    )  # fmt: skip
    return replace(changed, sent_at=letter.sent_at, when_from="data") if letter.sent_at else changed


def _lack(letter: Letter) -> str:
    if letter.automatic:
        return "risposta automatica"
    if letter.defect:
        return letter.defect
    return "nel testo c'è un collegamento a un file in rete" if letter.link else "nessun allegato"
