using Dayu.Models;

namespace Dayu.Inference;

/// <summary>What is done to a pooled vector.</summary>
interface IVectorStep
{
    /// <summary>[C] → [C′]</summary>
    float[] Apply(float[] x);
}

/// <summary>Length 1, so that the dot product of two is the cosine of their angle. A vector of zeros stays.</summary>
sealed class UnitLength : IVectorStep
{
    public float[] Apply(float[] x)
    {
        var length = Math.Sqrt(x.Sum(v => (double)v * v));
        return length > 0 ? Array.ConvertAll(x, v => (float)(v / length)) : x;
    }

    public override string ToString() => "normalize";
}

/// <summary>A linear layer with an activation: <c>2_Dense</c>.</summary>
sealed class Dense(float[] weight, float[] bias, int inputs, Func<double, double> activation) : IVectorStep
{
    /// <summary>Values it gives.</summary>
    public int Width => bias.Length;

    /// <summary>Reads a module's folder.</summary>
    /// <exception cref="InvalidDataException">Sizes do not fit.</exception>
    /// <exception cref="NotSupportedException">An activation that is not known.</exception>
    public static Dense Read(string folder, int inputs)
    {
        var name = JsonFields.Read(Path.Combine(folder, "config.json")).Text("activation_function") ?? "Identity";
        Func<double, double> activation = name[(name.LastIndexOf('.') + 1)..] switch
        {
            "Identity" => x => x,
            "Tanh" => Math.Tanh,
            "ReLU" => x => Math.Max(x, 0),
            _ => throw new NotSupportedException($"{folder}: the activation {name} is not known; known: Identity, Tanh, ReLU"),
        };
        using var file = Safetensors.Open(Path.Combine(folder, "model.safetensors"));
        var weight = file["linear.weight"];
        if (weight.Shape.Rank != 2 || weight.Shape[1] != inputs)
            throw new InvalidDataException($"{folder}: linear.weight is {weight.Shape}, expected [out, {inputs}]");
        var bias = file.Has("linear.bias") ? file["linear.bias"].Values() : new float[weight.Shape[0]];
        if (bias.Length != weight.Shape[0])
            throw new InvalidDataException($"{folder}: linear.bias has {bias.Length} values, expected {weight.Shape[0]}");
        return new(weight.Values(), bias, inputs, activation);
    }

    public float[] Apply(float[] x)
    {
        var y = new float[Width];
        for (var o = 0; o < y.Length; o++)
        {
            double sum = bias[o];
            for (var i = 0; i < inputs; i++) sum += (double)weight[o * inputs + i] * x[i];
            y[o] = (float)activation(sum);
        }
        return y;
    }

    public override string ToString() => $"dense {inputs} → {Width}";
}
