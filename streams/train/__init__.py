"""Learning the models that the package ships with; needs the packages of the group `train`."""
