namespace Dayu.Tensors;

public static partial class Op
{
    /// <summary>silu(gate) · up. Shazeer 2020, arXiv:2002.05202. Fused where the backend can.</summary>
    /// <param name="gate">[T, C]</param>
    /// <param name="up">[T, C]</param>
    /// <returns>[T, C]</returns>
    public static Tensor SwiGlu(Tensor gate, Tensor up)
    {
        Check.Same("swiglu", gate, up);
        return gate.On.SwiGlu(gate, up);
    }

    /// <summary>The same, from smaller ops: the default, and the oracle of fused kernels.</summary>
    public static Tensor SwiGluComposed(Tensor gate, Tensor up) => Silu(gate) * up;
}

public abstract partial class Backend
{
    /// <summary>silu(gate) · up.</summary>
    public virtual Tensor SwiGlu(Tensor gate, Tensor up) => Op.SwiGluComposed(gate, up);
}
