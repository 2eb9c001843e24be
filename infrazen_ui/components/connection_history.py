"""The syncs of a connection: each unfolds to what it read, could not read, and changed."""

from typing import Any

import reflex as rx

from infrazen_ui.components.badges import status, tag
from infrazen_ui.components.buttons import button
from infrazen_ui.components.callouts import callout
from infrazen_ui.components.cards import card, section_header
from infrazen_ui.components.disclosure import code_block, collapsible
from infrazen_ui.components.forms import option, select
from infrazen_ui.components.icons import icon
from infrazen_ui.components.loading import table_skeleton
from infrazen_ui.components.texts import t
from infrazen_ui.present.connection_history import (
    ChangeView,
    PartView,
    SnapshotView,
)
from infrazen_ui.present.field_changes import Change
from infrazen_ui.present.unread_records import RecordView
from infrazen_ui.states.connection_history import ConnectionHistoryState


def sync_history() -> rx.Component:
    """The list, latest first."""
    snapshots: Any = ConnectionHistoryState.snapshots
    return rx.cond(
        ConnectionHistoryState.is_loaded,
        card(
            section_header(t("connections.history.title"), note=t("connections.history.note")),
            rx.cond(
                snapshots.length() > 0,
                rx.el.ol(rx.foreach(snapshots, _snapshot), class_name="syncs"),
                rx.el.p(t("connections.history.none"), class_name="section-note"),
            ),
            rx.cond(
                ConnectionHistoryState.has_more,
                button(
                    t("connections.history.more"),
                    icon_name="chevron-down",
                    class_name="syncs-more",
                    on_click=ConnectionHistoryState.more,
                ),
            ),
        ),
        table_skeleton(rows=4),
    )


def unread_records() -> rx.Component:
    """Records in quarantine, each with its reason."""
    records: Any = ConnectionHistoryState.records
    return rx.cond(
        records.length() > 0,
        card(
            section_header(t("connections.record.title"), note=t("connections.record.note")),
            rx.el.ul(rx.foreach(records, _record), class_name="records"),
        ),
    )


def _snapshot(one: SnapshotView) -> rx.Component:
    is_open = ConnectionHistoryState.opened == one["id"]
    return rx.el.li(
        rx.el.button(
            icon("chevron-right", class_name="chevron"),
            rx.el.span(status(one["tone"], one["status"]), class_name="sync-status"),
            rx.el.span(
                rx.el.span(one["when"], class_name="sync-when figures"),
                rx.el.span(one["trigger"], class_name="sync-trigger"),
                class_name="sync-moment",
            ),
            rx.el.span(one["counts"], class_name="sync-counts"),
            rx.el.span(one["took"], class_name="sync-took figures"),
            rx.el.span(one["cost"], class_name="sync-cost figures"),
            type="button",
            class_name="sync-line",
            aria_expanded=is_open,
            title=one["ago"],
            on_click=ConnectionHistoryState.unfold(one["id"]),
        ),
        rx.cond(is_open, _details(one), rx.fragment()),
        class_name="sync",
    )


def _details(one: SnapshotView) -> rx.Component:
    return rx.el.div(
        rx.cond(
            ConnectionHistoryState.problem != "",
            callout(
                ConnectionHistoryState.problem,
                ConnectionHistoryState.advice,
                _said(ConnectionHistoryState.said),
                tone="danger",
            ),
        ),
        _troubled(),
        rx.cond(
            one["counts"] != "",
            _changes(one),
            rx.cond(
                ConnectionHistoryState.problem == "",
                rx.el.p(t("connections.change.pending"), class_name="section-note"),
            ),
        ),
        _parts(),
        class_name="sync-details",
    )


def _troubled() -> rx.Component:
    """Parts that were not read; folded where the whole sync failed and its reason stands above."""
    troubled: Any = ConnectionHistoryState.troubled
    listed = rx.el.ul(rx.foreach(troubled, _trouble), class_name="troubles")
    return rx.cond(
        troubled.length() > 0,
        rx.cond(
            ConnectionHistoryState.problem != "",
            collapsible(t("connections.part.troubled"), listed, note=troubled.length().to_string()),
            rx.el.section(
                rx.el.h3(t("connections.part.troubled"), class_name="sync-heading"), listed
            ),
        ),
    )


def _trouble(part: PartView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(part["title"], class_name="trouble-title"),
            rx.el.code(part["name"]),
            status(part["tone"], part["status"]),
            class_name="trouble-head",
        ),
        rx.cond(part["problem"] != "", rx.el.p(part["problem"], class_name="trouble-problem")),
        rx.cond(part["advice"] != "", rx.el.p(part["advice"])),
        rx.cond(part["note"] != "", rx.el.p(part["note"], class_name="field-help")),
        _said(part["said"]),
        class_name="trouble",
        data_tone=part["tone"],
    )


def _said(words: Any) -> rx.Component:
    return rx.cond(
        words != "",
        collapsible(
            t("connections.part.said"), code_block(words, label=t("connections.part.said"))
        ),
        rx.fragment(),
    )


def _parts() -> rx.Component:
    parts: Any = ConnectionHistoryState.parts
    return rx.cond(
        parts.length() > 0,
        collapsible(
            t("connections.part.read"),
            rx.el.ul(
                rx.foreach(
                    parts,
                    lambda part: rx.el.li(
                        icon("check", class_name="part-open"),
                        rx.el.span(
                            rx.el.span(part["title"]),
                            rx.cond(
                                part["note"] != "",
                                rx.el.span(part["note"], class_name="field-help"),
                                rx.cond(
                                    part["said"] != "",
                                    rx.el.span(part["said"], class_name="field-help", lang="en"),
                                ),
                            ),
                            class_name="part-name",
                        ),
                        rx.el.span(part["detail"], class_name="part-detail figures"),
                    ),
                ),
                class_name="parts",
            ),
            note=parts.length().to_string(),
        ),
    )


def _changes(one: SnapshotView) -> rx.Component:
    changes: Any = ConnectionHistoryState.changes
    return rx.el.section(
        rx.el.div(
            rx.el.h3(t("connections.change.title"), class_name="sync-heading"),
            _comparison(one),
            class_name="sync-changes-head",
        ),
        rx.cond(
            changes.length() > 0,
            rx.el.ul(rx.foreach(changes, _change), class_name="changes"),
            rx.el.p(t("connections.change.none"), class_name="section-note"),
        ),
        rx.cond(
            ConnectionHistoryState.has_more_changes,
            button(
                t("connections.change.more"),
                size="sm",
                on_click=ConnectionHistoryState.more_changes,
            ),
        ),
    )


def _comparison(one: SnapshotView) -> rx.Component:
    """With which older sync to compare: the one before, or any that is listed."""
    snapshots: Any = ConnectionHistoryState.snapshots
    return rx.cond(
        snapshots.length() > 1,
        select(
            option("", t("connections.change.previous")),
            rx.foreach(
                snapshots,
                lambda other: rx.cond(
                    other["id"] < one["id"],
                    option(other["id"], t("connections.change.since", when=other["when"])),
                    rx.fragment(),
                ),
            ),
            size="sm",
            aria_label=t("connections.change.compare"),
            value=ConnectionHistoryState.against,
            on_change=ConnectionHistoryState.compare,
        ),
    )


def _change(change: ChangeView) -> rx.Component:
    fields: Any = change["fields"]
    return rx.el.li(
        rx.el.div(
            tag(change["change"], tone=change["tone"]),
            rx.el.a(
                change["name"],
                href=f"/resources/{change['resource_id']}",
                class_name="change-name",
            ),
            rx.el.span(change["type"], class_name="change-type"),
            rx.cond(
                ConnectionHistoryState.against != "",
                rx.el.span(change["when"], class_name="change-type figures"),
            ),
            rx.el.span(change["cost"], class_name="change-cost figures"),
            class_name="change-head",
        ),
        rx.cond(
            fields.length() > 0,
            rx.el.dl(rx.foreach(fields, _field), class_name="change-fields"),
        ),
        rx.cond(change["more"] != "", rx.el.p(change["more"], class_name="field-help")),
        class_name="change",
    )


def _field(field: Change) -> rx.Component:
    return rx.el.div(
        rx.el.dt(field["name"]),
        rx.el.dd(
            rx.el.del_(field["before"]),
            icon("arrow-right", size=14),
            rx.el.span(t("connections.change.became"), class_name="sr-only"),
            rx.el.ins(field["after"]),
        ),
        class_name="change-field",
    )


def _record(record: RecordView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(record["part"], class_name="trouble-title"),
            rx.el.code(record["key"]),
            class_name="trouble-head",
        ),
        rx.el.p(record["reason"]),
        rx.el.p(record["seen"], class_name="field-help figures"),
        rx.cond(
            record["raw"] != "",
            collapsible(
                t("connections.record.raw"),
                code_block(record["raw"], label=t("connections.record.raw")),
            ),
        ),
        class_name="trouble",
        data_tone="warning",
    )
