"""Which discounts and practices keep customers, with statistics that a statistician would sign."""
