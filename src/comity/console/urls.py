"""The addresses of the console: ids and row numbers, never anything about a person."""

from __future__ import annotations

from django.urls import path

from comity.console import (
    answering,
    batches,
    copying,
    judging,
    logbook,
    requests,
    screening,
    signing,
    standing,
    styling,
    welcome,
)

picker = [path("sign-in", welcome.choose), path("sign-out", welcome.leave)]
pages = [
    path("", batches.every),
    path("style.css", styling.style),
    path("receive", batches.receive),
    path("b/<slug:batch_id>/", batches.one),
    path("b/<slug:batch_id>/work", batches.work),
    path("b/<slug:batch_id>/forgo", batches.forgo),
    path("b/<slug:batch_id>/recall", batches.recall),
    path("b/<slug:batch_id>/files/", copying.listed),
    path("b/<slug:batch_id>/files/take", copying.take),
    path("b/<slug:batch_id>/requests", requests.listed),
    path("b/<slug:batch_id>/find", requests.find),
    path("b/<slug:batch_id>/r/<int:row>/", requests.one),
    path("b/<slug:batch_id>/examine/", judging.examine),
    path("b/<slug:batch_id>/examine/<int:row>/", judging.examine_one),
    path("b/<slug:batch_id>/review/", judging.queue),
    path("b/<slug:batch_id>/review/next", judging.case),
    path("b/<slug:batch_id>/screen/", screening.stands),
    path("b/<slug:batch_id>/screen/show", screening.opened),
    path("b/<slug:batch_id>/screen/list", screening.listed),
    path("b/<slug:batch_id>/screen/enter", screening.entered),
    path("b/<slug:batch_id>/screen/withheld", screening.withheld),
    path("b/<slug:batch_id>/sign", signing.sign),
    path("b/<slug:batch_id>/release", answering.release),
    path("b/<slug:batch_id>/abandon", answering.abandon),
    path("b/<slug:batch_id>/replies", answering.replies),
    path("holds/", standing.holds),
    path("holds/<str:hold>/confirm", standing.confirm),
    path("holds/<str:hold>/lift", standing.lift),
    path("holds/<str:hold>/confirm-lift", standing.confirm_lift),
    path("registers/", standing.registers),
    path("agreements/", standing.agreed),
    path("agreements/<str:name>/", standing.agreement),
    path("log/", logbook.logbook),
]
urlpatterns = [*picker, *pages]
