namespace Dayu.Models;

/// <summary>
/// Floating-point operations of matrix products, two a multiply-add; what else a model does is some thousandths of it.
/// </summary>
/// <param name="Products">With weights: they grow with the number of tokens.</param>
/// <param name="Attention">Of queries with keys and of attention weights with values, masked pairs left out: they grow with its
/// square.</param>
public readonly record struct Operations(double Products, double Attention)
{
    /// <summary>All of them.</summary>
    public double Total => Products + Attention;

    /// <summary>Both.</summary>
    public static Operations operator +(Operations a, Operations b) => new(a.Products + b.Products, a.Attention + b.Attention);

    /// <summary>A share of them: for each token of a text.</summary>
    public static Operations operator /(Operations a, double n) => new(a.Products / n, a.Attention / n);
}
