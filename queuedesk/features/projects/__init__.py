"""Improvement projects: from a finding to what becomes standard."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="projects",
    title=Wording("Improvement projects", context="feature"),
    about=Wording("From a finding to what becomes standard", context="feature"),
    where=Wording("manager", context="feature"),
    pages_at=(
        FeatureManagerPage(
            key="improve/projects",
            name=Wording("Projects", context="tab"),
            page="features.projects.pages.page:PROJECTS",
            first=True,
        ),
        FeatureManagerPage(key="improve/project", page="features.projects.pages.page:project_page"),
    ),
    commands={
        "features.projects.commands": {
            "project": Wording("improvement projects: from a finding to what becomes standard")
        }
    },
    demo="features.projects.demo:ProjectsDemoPart",
)
