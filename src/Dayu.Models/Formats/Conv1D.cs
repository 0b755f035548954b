namespace Dayu.Models;

/// <summary>The matrices of OpenAI's GPTs, which TensorFlow's Conv1D keeps as [in, out].</summary>
static class Conv1D
{
    /// <summary>All of them.</summary>
    public static TensorRule[] Names =>
        [.. from name in (string[])["attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj"]
            select $"transformer.h.*.{name}.weight" into path
            select new TensorRule(path, path, new Transposed())];
}
