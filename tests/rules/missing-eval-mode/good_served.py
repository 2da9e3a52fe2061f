import io, torch
from flask import Flask, jsonify, request
from PIL import Image
from torchvision import models
app = Flask(__name__)
weights = models.EfficientNet_B0_Weights.DEFAULT
model = models.efficientnet_b0(weights=weights)
model.eval()
prep = weights.transforms()
@app.route('/predict', methods=['POST'])
def predict():
    img = Image.open(io.BytesIO(request.files['file'].read())).convert('RGB')
    with torch.inference_mode():
        logits = model(prep(img)[None])
    score, idx = logits.softmax(-1).topk(5)
    return jsonify([{'label': weights.meta['categories'][i], 'p': float(s)} for s, i in zip(score[0], idx[0])])
