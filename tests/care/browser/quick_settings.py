"""The settings of a site whose passwords are quick to hash.

Its people sign in and sign a hundred times, and none of its tests is about the hash; those of the server keep it slow.
"""

from openpbm.care.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
