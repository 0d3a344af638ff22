"""Receives one application and selects the applicant, as a city centre's own system would.

    centre.py <review> <program that prints tokens> <division> <first day of its round>

It opens a round of its own, gives the first application in it back once, with a field and a document
to correct, judges it, and has a second officer confirm the selection. What it writes in its reasons
here, officers would write. It ends with the public notice and the last day of that.
"""

import sys
import uuid

import grpc

import client

client.generate()
from luban.common.v1 import proposal_pb2  # noqa: E402
from luban.review.v1 import (  # noqa: E402
    application_pb2,
    application_pb2_grpc,
    judgement_pb2,
    judgement_pb2_grpc,
    round_pb2,
    round_pb2_grpc,
    selection_pb2,
    selection_pb2_grpc,
)

SUBMITTED = application_pb2.APPLICATION_STATE_SUBMITTED


def request_id():
    """Chosen before the first try and the same at every other."""
    return str(uuid.uuid4())


class Centre:
    """A city centre with two officers."""

    def __init__(self, review, tokens, division):
        self.first, self.second = (
            client.Caller(tokens, "city_centre", officer, division=division)
            for officer in ("officer-1", "officer-2")
        )
        self.rounds = round_pb2_grpc.RoundServiceStub(review)
        self.applications = application_pb2_grpc.ApplicationServiceStub(review)
        self.judgements = judgement_pb2_grpc.JudgementServiceStub(review)
        self.selections = selection_pb2_grpc.SelectionServiceStub(review)

    def open_round(self, first_day):
        """One without panels and visits: the document check always is required."""
        request = round_pb2.OpenRoundRequest(
            request_id=request_id(), title="社会培训评价组织遴选（示例）", hand_in_from=first_day
        )
        return self.first.ask(self.rounds.OpenRound, request).round.round_id

    def submitted(self, round_id):
        """The first application that is handed in in a round."""

        def look():
            request = application_pb2.ListApplicationsRequest(page_size=10)
            listed = self.first.ask(self.applications.ListApplications, request).applications
            here = (it for it in listed if it.round_id == round_id and it.state == SUBMITTED)
            return next(here, None)

        found = client.wait_for(look)
        # A list has neither annexes nor materials.
        request = application_pb2.GetApplicationRequest(application_id=found.application_id)
        return self.first.ask(self.applications.GetApplication, request).application

    def give_back(self, application):
        request = application_pb2.ReturnApplicationRequest(
            request_id=request_id(),
            application_id=application.application_id,
            version=application.version,
            materials=[
                application_pb2.MaterialReturn(
                    document="DOCUMENT_KIND_EXAMINER_CARDS", reason="第2页复印件不清晰"
                )
            ],
            fields=[
                application_pb2.FieldReturn(path="work_plan.safeguards", reason="补充应急处置流程")
            ],
        )
        self.first.ask(self.applications.ReturnApplication, request)

    def assess(self, application):
        request = judgement_pb2.ListJudgementsRequest(application_id=application.application_id)
        for item in self.first.ask(self.judgements.ListJudgements, request).items:
            request = judgement_pb2.RecordJudgementRequest(
                request_id=request_id(),
                application_id=application.application_id,
                subject=item.subject,
                met=True,
                reason="核对无误（示例）",
            )
            self.first.ask(self.judgements.RecordJudgement, request)
        request = selection_pb2.RecordDocumentCheckRequest(
            request_id=request_id(),
            application_id=application.application_id,
            items=[
                selection_pb2.DocumentCheckItem(document=material.document, in_order=True)
                for material in application.materials
            ],
        )
        self.first.ask(self.selections.RecordDocumentCheck, request)

    def select(self, application):
        """One officer proposes a content, another confirms that very content."""
        request = selection_pb2.ProposeSelectionRequest(
            request_id=request_id(),
            application_id=application.application_id,
            granted=[row.scope for row in application.basic_form.occupations],
        )
        proposal = self.first.ask(self.selections.ProposeSelection, request).proposal
        request = selection_pb2.ConfirmSelectionRequest(
            request_id=request_id(),
            application_id=application.application_id,
            confirmation=proposal_pb2.Confirmation(
                proposal_id=proposal.proposal_id, content_hash=proposal.content_hash
            ),
        )
        return self.second.ask(self.selections.ConfirmSelection, request).public_notice


def main(review, tokens, division, first_day):
    with grpc.insecure_channel(review) as review:
        centre = Centre(review, tokens, division)
        round_id = centre.open_round(first_day)
        print("round", round_id, flush=True)
        centre.give_back(centre.submitted(round_id))
        application = centre.submitted(round_id)
        centre.assess(application)
        notice = centre.select(application)
        print("shown until", notice.ends.date, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
