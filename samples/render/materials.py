"""What things are made of: Cycles materials, each a function of a few plain numbers."""

import bpy

Colour = tuple[float, float, float]


class Recipe:
    """A new material with a Principled shader, and short words for wiring nodes into it."""

    def __init__(self, name: str, colour: Colour, roughness: float) -> None:
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.shader = self.tree.nodes["Principled BSDF"]
        self.shade(**{"Base Color": (*colour, 1), "Roughness": roughness})

    def shade(self, **values: object) -> None:
        """Set inputs of the Principled shader by their names in Blender's manual."""
        for name, value in values.items():
            self.shader.inputs[name].default_value = value

    def node(self, kind: str, **settings: object) -> bpy.types.Node:
        """Add a node; settings with a capital are inputs, the others properties."""
        node = self.tree.nodes.new(f"ShaderNode{kind}")
        for name, value in settings.items():
            if name[0].isupper():
                node.inputs[name].default_value = value
            else:
                setattr(node, name, value)
        return node

    def wire(self, output: bpy.types.NodeSocket, entry: bpy.types.NodeSocket) -> None:
        """Connect one node's output to another node's input."""
        self.tree.links.new(output, entry)

    def place(self, scale: Colour, *, space: str = "Object") -> bpy.types.NodeSocket:
        """Texture coordinates stretched by `scale`, in repeats per decimetre or per UV unit."""
        mapping = self.node("Mapping")
        mapping.inputs["Scale"].default_value = scale
        self.wire(self.node("TexCoord").outputs[space], mapping.inputs["Vector"])
        return mapping.outputs["Vector"]

    def noise(self, scale: Colour, *, detail: float = 3, space: str = "Object") -> bpy.types.Node:
        """Cloudy noise in [0, 1] around 0.5."""
        noise = self.node("TexNoise", Scale=1.0, Detail=detail)
        self.wire(self.place(scale, space=space), noise.inputs["Vector"])
        return noise

    def ramp(
        self, value: bpy.types.NodeSocket, stops: list[tuple[float, Colour]]
    ) -> bpy.types.NodeSocket:
        """Colours for a value in [0, 1]."""
        ramp = self.node("ValToRGB")
        elements = ramp.color_ramp.elements
        while len(elements) < len(stops):
            elements.new(0.5)
        for element, (position, colour) in zip(elements, stops, strict=True):
            element.position, element.color = position, (*colour, 1)
        self.wire(value, ramp.inputs["Fac"])
        return ramp.outputs["Color"]

    def bump(self, height: bpy.types.NodeSocket, *, depth: float, strength: float = 1.0) -> None:
        """Roughen the shading normal; `depth` in decimetres. Bumps add up in call order."""
        bump = self.node("Bump", Strength=strength, Distance=depth)
        self.wire(height, bump.inputs["Height"])
        normal = self.shader.inputs["Normal"]
        if normal.is_linked:
            self.wire(normal.links[0].from_socket, bump.inputs["Normal"])
        self.wire(bump.outputs["Normal"], normal)


def glazed(name: str, colour: Colour, *, speckle: float = 0.0) -> bpy.types.Material:
    """Glazed stoneware: glossy, faintly uneven, darker where the kiln left specks."""
    recipe = Recipe(name, colour, 0.22)
    recipe.shade(**{"Coat Weight": 0.6, "Coat Roughness": 0.06})
    recipe.bump(recipe.noise((2.2, 2.2, 3.5)).outputs["Fac"], depth=0.012)
    darker = tuple(channel * 0.78 for channel in colour)
    tone = recipe.ramp(
        recipe.noise((1.3, 1.3, 2.4)).outputs["Fac"], [(0.3, darker), (0.62, colour)]
    )
    if speckle:
        spots = recipe.noise((26, 26, 26), detail=1)
        mask = recipe.ramp(
            spots.outputs["Fac"], [(0.66, (0, 0, 0)), (0.70, (speckle, speckle, speckle))]
        )
        mix = recipe.node("MixRGB")
        recipe.wire(mask, mix.inputs["Fac"])
        recipe.wire(tone, mix.inputs["Color1"])
        mix.inputs["Color2"].default_value = (0.09, 0.055, 0.03, 1)
        tone = mix.outputs["Color"]
    recipe.wire(tone, recipe.shader.inputs["Base Color"])
    return recipe.material


def clay(name: str, colour: Colour) -> bpy.types.Material:
    """Bare fired clay or concrete: dry, grainy."""
    recipe = Recipe(name, colour, 0.85)
    pale = tuple(min(1, channel * 1.35) for channel in colour)
    tone = recipe.ramp(
        recipe.noise((5, 5, 5), detail=8).outputs["Fac"], [(0.3, colour), (0.7, pale)]
    )
    recipe.wire(tone, recipe.shader.inputs["Base Color"])
    recipe.bump(recipe.noise((60, 60, 60)).outputs["Fac"], depth=0.006)
    return recipe.material


def plastic(name: str, colour: Colour, roughness: float = 0.35) -> bpy.types.Material:
    """Moulded plastic, rubber, lacquer or powder coat, by roughness; a trace of grain."""
    recipe = Recipe(name, colour, roughness)
    recipe.bump(recipe.noise((90, 90, 90)).outputs["Fac"], depth=0.002, strength=roughness)
    return recipe.material


def metal(
    name: str, colour: Colour, roughness: float = 0.28, *, brushed: float = 0.6
) -> bpy.types.Material:
    """Metal, brushed around the z axis; `brushed` 0 is polished, 1 is coarse."""
    recipe = Recipe(name, colour, roughness)
    recipe.shade(Metallic=1.0, Anisotropic=0.75 * brushed)
    tangent = recipe.node("Tangent", direction_type="RADIAL", axis="Z")
    recipe.wire(tangent.outputs["Tangent"], recipe.shader.inputs["Tangent"])
    streaks = recipe.noise((0.4, 0.4, 160), detail=2)
    recipe.bump(streaks.outputs["Fac"], depth=0.003, strength=0.35 * brushed)
    spread = recipe.node("MapRange")
    spread.inputs["To Min"].default_value = roughness * 0.75
    spread.inputs["To Max"].default_value = roughness * 1.3
    recipe.wire(recipe.noise((1.5, 1.5, 2.5), detail=5).outputs["Fac"], spread.inputs["Value"])
    recipe.wire(spread.outputs["Result"], recipe.shader.inputs["Roughness"])
    return recipe.material


def glass(name: str, tint: Colour, roughness: float = 0.0) -> bpy.types.Material:
    """Tinted glass; needs walls with thickness."""
    recipe = Recipe(name, tint, roughness)
    recipe.shade(**{"Transmission Weight": 1.0, "IOR": 1.47})
    return recipe.material


def wax(name: str, colour: Colour) -> bpy.types.Material:
    """Candle wax: light goes in and comes out softened."""
    recipe = Recipe(name, colour, 0.45)
    recipe.shade(**{"Subsurface Weight": 0.6, "Subsurface Scale": 0.12})
    recipe.bump(recipe.noise((3, 3, 3)).outputs["Fac"], depth=0.01)
    return recipe.material


def wood(
    name: str,
    dark: Colour,
    light: Colour,
    *,
    along: str = "x",
    gloss: float = 0.45,
    rings: float = 9,
) -> bpy.types.Material:
    """Oiled wood with fibres running `along` an axis; more `rings` make a busier figure."""
    recipe = Recipe(name, light, gloss)
    stretch = {"x": (0.22, 2.1, 2.1), "y": (2.1, 0.22, 2.1), "z": (2.1, 2.1, 0.22)}[along]
    fine = tuple(16 * value for value in stretch)
    trunk = recipe.node("TexNoise", Scale=1.0, Detail=2.0, Distortion=1.1)
    recipe.wire(recipe.place(stretch), trunk.inputs["Vector"])
    times = recipe.node("Math", operation="MULTIPLY")
    times.inputs[1].default_value = rings
    recipe.wire(trunk.outputs["Fac"], times.inputs[0])
    wave = recipe.node("Math", operation="PINGPONG")
    wave.inputs[1].default_value = 1.0
    recipe.wire(times.outputs[0], wave.inputs[0])
    fibres = recipe.noise(fine, detail=4)
    blend = recipe.node("MixRGB", Fac=0.45)
    recipe.wire(wave.outputs[0], blend.inputs["Color1"])
    recipe.wire(fibres.outputs["Fac"], blend.inputs["Color2"])
    tone = recipe.ramp(blend.outputs["Color"], [(0.18, dark), (0.75, light)])
    recipe.wire(tone, recipe.shader.inputs["Base Color"])
    recipe.bump(fibres.outputs["Fac"], depth=0.006)
    return recipe.material


def printed(
    name: str, image_path: str, *, gloss: float = 0.4, space: str = "UV"
) -> bpy.types.Material:
    """Ink on coated card or label paper; `image_path` is sRGB artwork for coordinates 0-1."""
    recipe = Recipe(name, (1, 1, 1), gloss)
    picture = recipe.node("TexImage")
    picture.image = bpy.data.images.load(image_path)
    picture.extension = "EXTEND"
    recipe.wire(recipe.place((1, 1, 1), space=space), picture.inputs["Vector"])
    recipe.wire(picture.outputs["Color"], recipe.shader.inputs["Base Color"])
    recipe.bump(recipe.noise((40, 40, 40)).outputs["Fac"], depth=0.002, strength=0.5)
    return recipe.material
