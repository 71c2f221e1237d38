"""An examinee written from spec/ alone: what a token, a policy and a decision mean, in Python."""
