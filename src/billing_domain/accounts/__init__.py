"""Who buys, who pays, and who may speak for them."""

from billing_domain.accounts.model import Account, Address, Contact, ContactKind, IdentityLevel, Party, TaxProfile

__all__ = ["Account", "Address", "Contact", "ContactKind", "IdentityLevel", "Party", "TaxProfile"]
