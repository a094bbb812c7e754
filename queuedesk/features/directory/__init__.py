"""Sign-in with the passwords of a directory: LDAP, Active Directory."""
