using Dayu.Hub;
using Dayu.Models;
using Dayu.Tensors;
using Dayu.Text;

namespace Dayu.Inference;

/// <summary>A model with what it reads and computes with.</summary>
/// <param name="Model">Who predicts.</param>
/// <param name="On">Where it computes.</param>
/// <param name="Tokenizer">Its tokenizer.</param>
/// <param name="Cache">Number format of keys and values; null: the one the backend likes.</param>
public readonly record struct Predictor(ICausalLm Model, Backend On, Tokenizer Tokenizer, DType? Cache = null)
{
    /// <summary>Of a model that was opened.</summary>
    /// <exception cref="NotSupportedException">It does not go on with texts.</exception>
    public Predictor(Pretrained model, DType? cache = null) : this(model.CausalLm, model.On, model.Tokenizer, cache) { }
}
