"""What a certificate says, which names it covers, how late its renewal is and who issued it. Pure."""
