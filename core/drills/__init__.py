"""The drills: an invented patient with trouble, and the debrief."""
