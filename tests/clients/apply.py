"""Applies for becoming an evaluation organisation, as an applicant's own system would.

    apply.py <registry> <review> <program that prints tokens> <division>

It enrols, says who works for it and where it examines, fills in both annexes, uploads the documents
and hands in, in the newest round of the division. What is given back it corrects and hands in again,
as often as needed. It ends with the code that it was given, or with why it was not selected.

    apply.py 127.0.0.1:27101 127.0.0.1:27102 \\
        'target/debug/luban-dev token --secrets .local/secrets' 371000

Everybody and everything in it is made up.
"""

import sys
import uuid

import grpc

import client
import forms
import synthetic

client.generate()
from luban.registry.v1 import (  # noqa: E402
    body_pb2,
    body_pb2_grpc,
    people_pb2,
    people_pb2_grpc,
    qualification_pb2,
    qualification_pb2_grpc,
    site_pb2,
    site_pb2_grpc,
)
from luban.review.v1 import (  # noqa: E402
    application_pb2,
    application_pb2_grpc,
    filing_pb2,
    filing_pb2_grpc,
    round_pb2,
    round_pb2_grpc,
)

PIECE = 64 * 1024
State = application_pb2.ApplicationState
RETURNED, FILED = State.APPLICATION_STATE_RETURNED, State.APPLICATION_STATE_FILED


def request_id():
    """Chosen before the first try and the same at every other."""
    return str(uuid.uuid4())


class Applicant:
    """A college that applies."""

    def __init__(self, registry, review, tokens, division):
        self.registry, self.review = registry, review
        self.tokens, self.division = tokens, division
        self.applications = application_pb2_grpc.ApplicationServiceStub(review)
        # Until it is enrolled, its clerks speak for nobody.
        self.clerk = client.Caller(tokens, "organization", "clerk")

    def enrol(self):
        bodies = body_pb2_grpc.BodyServiceStub(self.registry)
        request = forms.body(self.division, request_id())
        self.organization = self.clerk.ask(bodies.EnrollBody, request).body.organization_id
        print("enrolled", self.organization, flush=True)
        self.clerk = client.Caller(
            self.tokens, "organization", "clerk", organization=self.organization
        )

    def enlist(self):
        """Everybody who works for it, with their cards, and where they examine."""
        people = people_pb2_grpc.PeopleServiceStub(self.registry)
        cards = qualification_pb2_grpc.QualificationServiceStub(self.registry)
        for person, card in forms.people(self.organization, request_id):
            enlisted = self.clerk.ask(people.EnlistPerson, person).person
            if card is not None:
                card.person_id = enlisted.person_id
                self.clerk.ask(cards.RecordCard, card)
        sites = site_pb2_grpc.SiteServiceStub(self.registry)
        site = forms.site(self.organization, self.division, request_id())
        self.clerk.ask(sites.RegisterSite, site)

    def draft(self):
        rounds = round_pb2_grpc.RoundServiceStub(self.review)
        request = round_pb2.ListRoundsRequest(division_code=self.division, open_only=True)
        newest = self.clerk.ask(rounds.ListRounds, request).rounds[0]
        request = application_pb2.CreateApplicationRequest(
            request_id=request_id(),
            organization_id=self.organization,
            filing_division=self.division,
            round_id=newest.round_id,
            purpose="APPLICATION_PURPOSE_FIRST",
            basic_form=forms.basic_form(),
            work_plan=forms.work_plan(),
        )
        created = self.clerk.ask(self.applications.CreateApplication, request)
        self.application = created.application.application_id
        print("draft", self.application, flush=True)
        for document in forms.DOCUMENTS:
            self.upload(document, forms.FILE)

    def save(self, basic_form, work_plan):
        request = application_pb2.SaveApplicationRequest(
            request_id=request_id(),
            application_id=self.application,
            basic_form=basic_form,
            work_plan=work_plan,
        )
        self.clerk.ask(self.applications.SaveApplication, request)

    def upload(self, document, content):
        """A file as a stream: what it is, and then piece by piece."""
        header = application_pb2.MaterialHeader(
            request_id=request_id(),
            application_id=self.application,
            document=document,
            file_name="scan.pdf",
            media_type="application/pdf",
        )

        def parts():
            yield application_pb2.UploadMaterialRequest(header=header)
            for begin in range(0, len(content), PIECE):
                piece = content[begin : begin + PIECE]
                yield application_pb2.UploadMaterialRequest(content=piece)

        stored = self.clerk.ask(self.applications.UploadMaterial, parts).material
        assert stored.size == len(content)

    def submit(self):
        request = application_pb2.SubmitApplicationRequest(
            request_id=request_id(), application_id=self.application
        )
        submitted = self.clerk.ask(self.applications.SubmitApplication, request).application
        print("submitted on", submitted.submitted_on, flush=True)

    def moved(self, *states):
        """The application, once it is in none of these states any more."""
        request = application_pb2.GetApplicationRequest(application_id=self.application)
        left = {State.Value(f"APPLICATION_STATE_{state}") for state in states}

        def look():
            found = self.clerk.ask(self.applications.GetApplication, request).application
            return found if found.state not in left else None

        return client.wait_for(look)

    def correct(self, application):
        """Changes what was given back, and leaves the rest as it is."""
        for field in application.returned_fields:
            print("returned", field.path, field.reason, flush=True)
            form, name = field.path.split(".")
            message = getattr(application, form)
            setattr(message, name, getattr(message, name) + forms.CORRECTION)
        if application.returned_fields:
            self.save(application.basic_form, application.work_plan)
        if any(field.path.startswith("basic_form.") for field in application.returned_fields):
            # What is signed is annex 1 as it is now.
            self.upload("DOCUMENT_KIND_SIGNED_BASIC_FORM", forms.FILE)
        for material in application.materials:
            if material.returned_reason:
                print("returned", material.file_name, material.returned_reason, flush=True)
                self.upload(material.document, forms.FILE + b"\n% anew\n")
        self.submit()

    def receipt(self):
        filing = filing_pb2_grpc.FilingServiceStub(self.review)
        request = filing_pb2.GetFilingReceiptRequest(application_id=self.application)
        return self.clerk.ask(filing.GetFilingReceipt, request).receipt


def main(registry, review, tokens, division):
    with grpc.insecure_channel(registry) as registry, grpc.insecure_channel(review) as review:
        applicant = Applicant(registry, review, tokens, division)
        applicant.enrol()
        applicant.enlist()
        applicant.draft()
        # A draft may be saved as often as one likes.
        applicant.save(forms.basic_form(), forms.work_plan(other="接受社会监督。"))
        applicant.submit()
        while (seen := applicant.moved("SUBMITTED", "DECISION_PROPOSED")).state == RETURNED:
            applicant.correct(seen)
        print(State.Name(seen.state), flush=True)
        seen = applicant.moved("IN_PUBLIC_NOTICE", "SELECTED")
        if seen.state != FILED:
            raise SystemExit(f"not selected: {seen.rejection.reason}")
        print("code", applicant.receipt().organization_code, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
