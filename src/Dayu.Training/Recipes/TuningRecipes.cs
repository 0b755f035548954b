namespace Dayu.Training;

/// <summary>How a model is taught which of two answers is preferred; see <see cref="PreferenceLoss"/>.</summary>
public sealed record PreferenceRecipe
{
    /// <summary><c>dpo</c> (arXiv:2305.18290) or <c>ipo</c> (arXiv:2310.12036).</summary>
    public string Loss { get; set; } = "dpo";

    /// <summary>How dear it is to leave the model that the training started as: above 0.</summary>
    public double Beta { get; set; } = 0.1;

    internal static string[] Losses { get; } = ["dpo", "ipo"];

    internal PreferenceLoss Made() => Loss == "ipo" ? new Ipo(Beta) : new Dpo(Beta);
}

/// <summary>A model whose predictions are learnt besides the text (distillation); see <see cref="Teacher"/>.</summary>
public sealed record TeacherRecipe
{
    /// <summary>Its path; it has the same tokenizer and vocabulary.</summary>
    public string Model { get; set; } = "";

    /// <summary>Its share of the loss, 0 … 1; the rest is what the text says.</summary>
    public float Share { get; set; } = 0.5f;

    /// <summary>What both models' logits are divided by: above 1, more is learnt of unlikely tokens.</summary>
    public float Temperature { get; set; } = 1;
}
