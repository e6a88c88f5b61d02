"""An example of how callers prove who they are; a host sets its own.

Contacts count after 30 days on file (47 CFR 64.2003); waits grow from 30 seconds to an hour (NIST SP 800-63B).
"""

from billing_domain.care import VerificationPolicy

IDENTITY = VerificationPolicy("identity-example", 1)
"""Three failures end a factor, five in a day lock the account to call-back; a verification lasts thirty minutes."""
