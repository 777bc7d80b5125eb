# Everything by one command each; docs/development.md says more.
.PHONY: install
install:  ## .venv with everything (GPU=1: the full CUDA set); skipped when it is up to date
	@scripts/install.sh .venv requirements.lock
