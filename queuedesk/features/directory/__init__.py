"""Sign-in with the passwords of a directory: LDAP, Active Directory."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

TITLE = Wording("Sign-in by the directory", context="feature")
FEATURE = Feature(
    name="directory",
    title=TITLE,
    about=Wording("Staff sign in with the password of their PC account", context="feature"),
    where=Wording("stations for staff, set-up", context="feature"),
    usual=False,
    log="features.directory.rules:RULES",
    words="features.directory.words:WORDS",
    demo="features.directory.demo:DirectoryDemoPart",
    proves="features.directory.verbs:password_checks_by_staff_code",
    commands={"features.directory.commands": {"directory": Wording("sign-in with the passwords of a directory")}},
    pages_at=(
        FeatureManagerPage(
            key="setup/directory", page="features.directory.pages:StaffDirectoryAccountsPage", is_whole=True
        ),
    ),
)
