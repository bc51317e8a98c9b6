"""Stage: encode renditions for every channel, finish the files, measure them, and judge."""

import os
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np

from transforms.channels.checking import read_overlays
from transforms.channels.delivery import Delivered, Finisher, deliver, withhold_frame
from transforms.channels.surroundings import Surroundings
from transforms.errors import NotFoundError, TornArtefactError
from transforms.images.codec import decode
from transforms.pixels import Pixels
from transforms.presets.channel import Channel
from transforms.provenance.credentials import Credentials, explain_unsigned, read_credentials
from transforms.provenance.lineage import NO_RIGHTS, Rights
from transforms.provenance.reading import read_rights, read_source_type
from transforms.quality.batch import measure_photograph, measure_picture
from transforms.quality.examination import examine, make_claim
from transforms.quality.fidelity import measure_file_similarity
from transforms.quality.verdict import (
    Measured,
    check_gate,
    judge,
    keep_worst,
    list_objections,
    verdict_of,
)
from transforms.records.artefact import PREPARED_IMAGE, discard, read_artefact
from transforms.records.facts import NotFramed, PreparedFacts
from transforms.records.fingerprint import rendition_fingerprint, sha256
from transforms.records.layout import shard_key
from transforms.records.parquet import read_records, write_records
from transforms.records.renditions import EncodedFile, QualityReport, Rendition, Withheld
from transforms.rendition.master import Master, lineage_of, read_master
from transforms.rendition.pictures import read_prepared
from transforms.runs.run import Run
from transforms.storage.protocol import Storage, exists

NO_CHANNEL = "no_channel"
"""Reason of a picture that may be sound, but that no channel takes."""
VANISHED = "vanished_meanwhile"
"""Reason of a picture of which something was lost in the work storage before it was checked."""
VANISHED_MESSAGE = "What it is made of is gone or damaged; the next run makes it anew."


def check_shard(run: Run, shard: int) -> str:
    """Encode, finish, measure and judge the renditions of one shard.

    What is published later is exactly the bytes that were judged here. Done again after a kill,
    files come out the same: one that was signed is found, not signed again.

    Args:
        run: The run.
        shard: Number of the shard in `renditions/`.

    Returns:
        Key of the manifest of QualityReport: one row for every rendition.

    Raises:
        AuditError: A signed file is not whole.
        ConfigError: The gate's rules are not those that are measured, or files cannot be signed
            with the certificate that the environment names.
        StorageError: Storage does not answer; to be tried again.
    """
    work = run.places.work
    key = shard_key(run.plan.run_id, "quality", shard)
    if exists(work, key):
        return key
    check_gate(run.plan.configuration.gate)
    credentials = None if explain_unsigned(os.environ) else read_credentials(os.environ)
    renditions = read_records(work, shard_key(run.plan.run_id, "renditions", shard), Rendition)
    reports = [_reported(run, row, credentials) for row in renditions]
    return write_records(work, key, reports, QualityReport)


def _reported(run: Run, row: Rendition, credentials: Credentials | None) -> QualityReport:
    if row.reason:
        return QualityReport(**row.model_dump(), verdict="FAIL", reasons=[row.reason])
    try:
        return _checked(run, row, credentials)
    except NotFoundError as error:  # of what the picture is made of: sources may be gone
        if isinstance(error, TornArtefactError):
            discard(run.places.work, error)
        told = {"reason": VANISHED, "message": f"{VANISHED_MESSAGE} ({error})"}
        return QualityReport(**(row.model_dump() | told), verdict="FAIL", reasons=[VANISHED])


def _checked(run: Run, row: Rendition, credentials: Credentials | None) -> QualityReport:
    work = run.places.work
    stored = read_artefact(work, PREPARED_IMAGE, row.prepared)
    shown = read_prepared(stored, sku=row.sku)
    rights = _rights(run.places.source, row, stored.facts)
    before = measure_photograph(decode(stored.read("before.jpg")), shown.matte, stored.facts)
    checking = _Checking(run, row, stored.facts, before, rights, credentials)
    own, given = run.look(row.variant), None
    for framed in run.plan.configuration.frames(own):
        fingerprint = row.fingerprint
        if framed.look.identity != own.identity:
            fingerprint = rendition_fingerprint(row.prepared, framed.look, sku=row.sku)
        master = read_master(work, framed.look, fingerprint, shown)
        if isinstance(master, NotFramed):
            told = [withhold_frame(channel, master.message) for channel in framed.channels]
            checking.withheld.extend(told)
            continue
        # A model is asked once: its picture in a frame is the same one, reduced.
        given = master.given if master.given is not None else given
        checking.add(replace(master, given=given), framed.channels)
    return checking.report()


@dataclass
class _Checking:
    """The check of one picture, frame by frame, its own first."""

    run: Run
    row: Rendition
    prepared: PreparedFacts
    before: list[float]
    """What the photograph is compared by with the others of its look."""
    rights: Rights
    credentials: Credentials | None
    measured: Measured = field(default_factory=dict)
    files: list[EncodedFile] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    advice: list[Withheld] = field(default_factory=list)
    after: list[float] = field(default_factory=list)
    overlays: list[str] | None = None
    """Text laid over the picture, read once: frames show the same."""

    def add(self, master: Master, channels: tuple[Channel, ...]) -> None:
        """Deliver a rendition to the channels that take its frame, and measure what they get."""
        lineage = lineage_of(master, self.row, self.prepared, self.rights)
        finisher = Finisher(
            self.run.places.work,
            self.row.fingerprint,
            lineage,
            title=f"{self.row.sku} {self.row.view}, {self.row.variant}",
            outline=cache(master.clipping_path),
            credentials=self.credentials,
        )
        gate, shown = self.run.plan.configuration.gate, list[Pixels]()
        for channel in channels:
            delivery = deliver(
                master.pixels,
                channel,
                master.rendered,
                finisher=finisher,
                read=lambda: self._read(master.pixels),
            )
            self.withheld += delivery.withheld
            self.advice += delivery.advice
            for each in () if delivery.withheld else delivery.files:
                self.files.append(self._stored(each, channel, master))
                pixels = decode(each.data)
                if not each.encoded.whole:
                    alike: Measured = {
                        "file_similarity": measure_file_similarity(pixels, each.encoded.shown)
                    }
                    self.measured = keep_worst(self.measured, alike, gate)
                elif not any(np.array_equal(pixels, known) for known in shown):
                    shown.append(pixels)
        own = master.fingerprint == self.row.fingerprint
        if own and not shown:
            shown.append(master.pixels)
        if own:
            self.after = measure_picture(shown[0], master.placed)
        if shown:
            claim = make_claim(
                master.look,
                self.prepared,
                master.rendered,
                master.placed,
                master=master.pixels,
                given=master.given,
            )
            self.measured = keep_worst(self.measured, examine(shown, claim, gate), gate)

    def report(self) -> QualityReport:
        """The verdict: the gate's, on the worst of all files that channels get."""
        row = self.row
        rules = judge(self.measured, self.run.plan.configuration.gate)
        verdict = verdict_of(rules)
        reason = NO_CHANNEL if verdict != "FAIL" and not self.files else ""
        return QualityReport(
            **row.model_dump(exclude={"reason", "message"}),
            before=self.before,
            after=self.after,
            verdict=verdict,
            reasons=list_objections(rules),
            rules=rules,
            files=self.files,
            withheld=self.withheld,
            advice=self.advice,
            reason=reason,
            message=_no_channel(self.withheld) if reason else "",
        )

    def _read(self, pixels: Pixels) -> list[str]:
        if self.overlays is None:
            self.overlays = read_overlays(pixels, Surroundings(pixels).product)
        return self.overlays

    def _stored(self, file: Delivered, channel: Channel, master: Master) -> EncodedFile:
        self.run.places.work.create(file.key, file.data)
        height, width = file.encoded.shown.shape[:2]
        return EncodedFile(
            channel=channel.name,
            key=file.key,
            sha256=sha256(file.data),
            size_bytes=len(file.data),
            width_px=width,
            height_px=height,
            extension=file.encoded.extension,
            rendition=master.fingerprint,
            whole=file.encoded.whole,
            quality=file.encoded.quality,
            source_type=read_source_type(file.data) or "",
            signed=self.credentials is not None,
        )


def _no_channel(withheld: list[Withheld]) -> str:
    if not withheld:
        return "No channel of the catalogue takes pictures in this look."
    told = dict.fromkeys(
        f"{each.channel}: {each.rule.replace('_', ' ')} {each.found}" for each in withheld
    )
    helps = dict.fromkeys(each.needed for each in withheld if each.needed)
    return " ".join([f"No channel takes it ({'; '.join(told)}).", *helps])


def _rights(source: Storage, row: Rendition, prepared: PreparedFacts) -> Rights:
    """Whose photograph it is; where an earlier version prepared it, the photograph is asked."""
    if prepared.rights is not None:
        return Rights(prepared.rights.creator, prepared.rights.copyright)
    try:
        data = source.read(row.key)
    except NotFoundError:
        return NO_RIGHTS
    return read_rights(data) if sha256(data) == row.sha256 else NO_RIGHTS
