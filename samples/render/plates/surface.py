"""A recipe with arithmetic: what the textures of grounds and plants are computed with."""

import bpy

from samples.render.materials import Colour, Recipe

Socket = bpy.types.NodeSocket


class Surface(Recipe):
    """A recipe with arithmetic."""

    def sum(self, operation: str, *terms: Socket | float) -> Socket:
        """One Math node over sockets and numbers."""
        node = self.node("Math", operation=operation)
        for term, entry in zip(terms, node.inputs, strict=False):
            if isinstance(term, bpy.types.NodeSocket):
                self.wire(term, entry)
            else:
                entry.default_value = term
        return node.outputs[0]

    def spread(
        self, value: Socket, low: float, high: float, to: tuple[float, float] = (0, 1)
    ) -> Socket:
        """`value` between `low` and `high`, mapped and clamped."""
        node = self.node("MapRange", interpolation_type="SMOOTHSTEP")
        self.wire(value, node.inputs["Value"])
        for name, number in zip(
            ("From Min", "From Max", "To Min", "To Max"), (low, high, *to), strict=True
        ):
            node.inputs[name].default_value = number
        return node.outputs[0]

    def mix(self, share: Socket | float, first: Socket | Colour, second: Socket | Colour) -> Socket:
        """Colours mixed."""
        node = self.node("MixRGB")
        for term, entry in zip((share, first, second), node.inputs, strict=True):
            if isinstance(term, bpy.types.NodeSocket):
                self.wire(term, entry)
            elif isinstance(term, tuple):
                entry.default_value = (*term, 1)
            else:
                entry.default_value = term
        return node.outputs[0]

    def times(self, share: Socket, colour: Socket) -> Socket:
        """A colour darkened by a grey."""
        node = self.node("MixRGB", Fac=1.0, blend_type="MULTIPLY")
        self.wire(colour, node.inputs["Color1"])
        self.wire(share, node.inputs["Color2"])
        return node.outputs[0]

    def shifted(self, scale: Colour, *, by: float = 37.0) -> Socket:
        """Object coordinates stretched by `scale`, elsewhere for every object."""
        random = self.node("ObjectInfo").outputs["Random"]
        away = self.node("CombineXYZ")
        for number, entry in enumerate(away.inputs):
            self.wire(self.sum("MULTIPLY", random, by * (1 + number * 0.73)), entry)
        add = self.node("VectorMath", operation="ADD")
        self.wire(self.place((1, 1, 1)), add.inputs[0])
        self.wire(away.outputs[0], add.inputs[1])
        mapping = self.node("Mapping")
        mapping.inputs["Scale"].default_value = scale
        self.wire(add.outputs[0], mapping.inputs["Vector"])
        return mapping.outputs[0]

    def cloud(
        self, place: Socket, *, detail: float = 3, distortion: float = 0, rough: float = 0.5
    ) -> Socket:
        """Noise at coordinates, about 0.5."""
        node = self.node(
            "TexNoise", Scale=1.0, Detail=detail, Distortion=distortion, Roughness=rough
        )
        self.wire(place, node.inputs["Vector"])
        return node.outputs["Fac"]
