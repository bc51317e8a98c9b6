"""Makes the small diffusion model that ships with Packshot, from nothing to a folder of weights.

    traced      path-traced variations of the plates' sets; runs in Blender's environment
    captions    what a picture shows, in a few attributes, and sentences that say so
    pictures    a picture with its attributes, from traced sets, plates and drawn studio sweeps
    sketch      the same picture as a scaffold would have drawn it: what image-to-image starts from
    shards      pictures as compact files under 16 MB
    batches     crops of them, mirrored, in other light
    bank        latents of many such crops, made once
    latents     how 8 x 8 pixels become four numbers: principal components, written into a network
    autoencoder, words, text_encoder, noise, denoiser, recogniser      the networks
    course      the loop that all of them share, resumed from its last checkpoint
    gates       what is looked at while the denoiser trains: numbers, and sheets
    export      to the folder that diffusers loads
    recipe      every number that a run is made with

`transforms` never imports this package. `training/README.md` tells what was tried.
"""
