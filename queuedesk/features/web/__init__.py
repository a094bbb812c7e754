"""Web pages and a JSON interface for the hall, served by a process of its own."""

from queuedesk.core.features import Feature, FeatureFrontDeskPart, FeatureManagerPage, Wording

FEATURE = Feature(
    name="web",
    title=Wording("Phones and the web", context="feature"),
    about=Wording("The visit on the customer's phone, the hall's web page, other programs", context="feature"),
    where=Wording("on the ticket; kiosk; front desk; manager; commands", context="feature"),
    usual=False,
    log="features.web.rules:RULES",
    words="features.web.words:WORDS",
    rules=("web_postpone", "web_fetch"),
    commands={
        "features.web.commands": {
            "web": Wording("web pages for customers, and an interface for programs"),
            "progress": Wording("how far the back office is with cases"),
        }
    },
    pages_at=(
        FeatureManagerPage(key="setup/web", page="features.web.pages:WebPage", is_whole=True),
        FeatureManagerPage(key="reports/saved", name=Wording("Visits saved"), page="features.web.pages:CASES"),
    ),
    front_desk=FeatureFrontDeskPart(
        key="case",
        name=Wording("How far is a case?", context="front desk"),
        part="features.web.pages:FrontDeskCaseEnquiryPart",
    ),
    report="features.web.papers:avoided_visits_lines",
    ticket_code="features.web.papers:ticket_page_code",
    scanned_link="features.web.papers:ticket_code_of_scanned_link",
    demo="features.web.demo:WebDemoPart",
)
