"""Eight boxes or four triangles at once against a ray, in the processor's vector registers.

Written as the compiler's own vector instructions: from plain loops over eight boxes it makes code that takes three times as long.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

__all__ = ["CHILD", "LEAF", "OUTWARD", "WIDE", "boxes_met", "child_at", "how_many", "leaf_met", "lowest"]

#: Children a node, triangles a leaf at most (geometry sheet, section 1.3).
WIDE, LEAF = 8, 4
#: The row of a node that holds its children.
CHILD = 6
#: A box's far side is pushed out by this much, so that rounding never loses it (Ize 2013: 1 + 2 gamma(3)).
OUTWARD = 1.0 + 8 * 2.0**-24

_WORD, _SINGLE, _DOUBLE = ir.IntType(64), ir.FloatType(), ir.DoubleType()
_BOXES, _CORNERS, _TRIANGLES = ir.VectorType(_SINGLE, WIDE), ir.VectorType(_SINGLE, LEAF), ir.VectorType(_DOUBLE, LEAF)
_TUPLE: Any = types.UniTuple
_ROWS, _POINT32, _POINT64 = (_TUPLE(kind, 3) for kind in (types.intp, types.float32, types.float64))


def _everywhere(builder: Any, value: Any, kind: Any) -> Any:
    """A number in every lane."""
    nothing = ir.Constant(kind, ir.Undefined)
    one = builder.insert_element(nothing, value, ir.IntType(32)(0))
    return builder.shuffle_vector(one, nothing, ir.Constant(ir.VectorType(ir.IntType(32), kind.count), None))


def _row(builder: Any, address: Any, row: Any, kind: Any) -> Any:
    """The row of single-precision numbers of that number from an address on."""
    there = builder.add(address, builder.mul(row, _WORD(4 * kind.count)))
    return builder.load(builder.inttoptr(there, kind.as_pointer()), align=4)


def _less(builder: Any, one: Any, other: Any) -> Any:
    return builder.select(builder.fcmp_ordered("<", one, other), one, other)


def _more(builder: Any, one: Any, other: Any) -> Any:
    return builder.select(builder.fcmp_ordered(">", one, other), one, other)


def _boxes_met(
    typing: Any, box: Any, near: Any, enter: Any, leave: Any, inverse: Any, begin: Any, end: Any
) -> tuple[Any, Any]:
    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        address, nears, enters, leaves, inverses, low, high = values
        low, high = _everywhere(builder, low, _BOXES), _everywhere(builder, high, _BOXES)
        for axis in range(3):
            near, into, out, times = (builder.extract_value(value, axis) for value in (nears, enters, leaves, inverses))
            far, times = builder.sub(_WORD(3 + 2 * axis), near), _everywhere(builder, times, _BOXES)
            first = builder.fsub(_row(builder, address, near, _BOXES), _everywhere(builder, into, _BOXES))
            last = builder.fsub(_row(builder, address, far, _BOXES), _everywhere(builder, out, _BOXES))
            low = _more(builder, builder.fmul(first, times), low)
            high = _less(builder, builder.fmul(last, times), high)
        high = builder.fmul(high, ir.Constant(_BOXES, [OUTWARD] * WIDE))
        met = builder.fcmp_ordered("<=", low, high)
        return builder.zext(builder.bitcast(met, ir.IntType(WIDE)), _WORD)

    single = types.float32
    return types.intp(types.intp, _ROWS, _POINT32, _POINT32, _POINT32, single, single), build


#: Which of the boxes at an address (rows of WIDE: low x, y, z, high x, y, z) a ray meets between `begin` and `end`: one bit each. `near` the
#: rows that it enters by, `inverse` of its direction. Rays of several origins are asked at once: `enter` is the origin that comes in first
#: (per axis), `leave` the one that goes out last; a single ray's own origin is both.
boxes_met: Any = intrinsic(_boxes_met)


def _leaf_met(typing: Any, corner: Any, axis: Any, at: Any, shear: Any, length: Any) -> tuple[Any, Any]:
    def build(context: Any, b: Any, signature: Any, values: Any) -> Any:
        address, axes, ats, shears, limit = values
        ox, oy, oz = (_everywhere(b, b.extract_value(ats, turn), _TRIANGLES) for turn in range(3))
        sx, sy, sz = (_everywhere(b, b.extract_value(shears, turn), _TRIANGLES) for turn in range(3))
        x, y, z = [], [], []
        for point in range(3):
            rows = (b.add(b.extract_value(axes, turn), _WORD(3 * point)) for turn in range(3))
            across, up, along = (b.fpext(_row(b, address, row, _CORNERS), _TRIANGLES) for row in rows)
            z.append(b.fsub(along, oz))
            x.append(b.fsub(b.fsub(across, ox), b.fmul(sx, z[point])))
            y.append(b.fsub(b.fsub(up, oy), b.fmul(sy, z[point])))
        u, v, w = (b.fsub(b.fmul(x[i], y[j]), b.fmul(y[i], x[j])) for i, j in ((2, 1), (0, 2), (1, 0)))
        least, most = _less(b, _less(b, u, v), w), _more(b, _more(b, u, v), w)
        depth = b.fadd(b.fadd(b.fmul(u, z[0]), b.fmul(v, z[1])), b.fmul(w, z[2]))
        along, whole = b.fmul(sz, depth), b.fadd(b.fadd(u, v), w)
        nothing, far = ir.Constant(_TRIANGLES, None), b.fmul(_everywhere(b, limit, _TRIANGLES), whole)
        met = None
        for edge, inside, beyond, nearer in ((least, ">=", ">", "<"), (most, "<=", "<", ">")):
            ahead = b.and_(b.fcmp_ordered(beyond, along, nothing), b.fcmp_ordered(nearer, along, far))
            found = b.and_(b.fcmp_ordered(inside, edge, nothing), ahead)
            met = found if met is None else b.or_(met, found)
        return b.icmp_unsigned("!=", b.bitcast(met, ir.IntType(LEAF)), ir.IntType(LEAF)(0))

    return types.boolean(types.intp, _ROWS, _POINT64, _POINT64, types.float64), build


#: Does a ray meet any triangle of the leaf at an address (rows of LEAF: x, y, z of the three corners) before `length`? `axis` and `shear` as in
#: `with_numba_ray.Way`, `at` the origin in that order of axes: Woop, Benthin and Wald (2013) in double precision, without a division.
leaf_met: Any = intrinsic(_leaf_met)


def _lowest(typing: Any, bits: Any) -> tuple[Any, Any]:
    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.cttz(values[0], ir.IntType(1)(1))

    return types.intp(types.intp), build


#: The number of the lowest bit that is set; at least one must be.
lowest: Any = intrinsic(_lowest)


def _how_many(typing: Any, bits: Any) -> tuple[Any, Any]:
    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.ctpop(values[0])

    return types.intp(types.intp), build


#: How many bits are set.
how_many: Any = intrinsic(_how_many)


def _child_at(typing: Any, node: Any, place: Any) -> tuple[Any, Any]:
    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        there = builder.add(values[0], builder.mul(_WORD(4), builder.add(values[1], _WORD(CHILD * WIDE))))
        return builder.sext(builder.load(builder.inttoptr(there, ir.IntType(32).as_pointer())), _WORD)

    return types.intp(types.intp, types.intp), build


#: The child of the node at an address that stands at a place.
child_at: Any = intrinsic(_child_at)
