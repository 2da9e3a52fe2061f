"""Classify one photo with a trained checkpoint.

usage: python predict.py photo.jpg
"""
import argparse
import os
import torch
from PIL import Image
from torchvision import models, transforms

LABELS = ['buildings', 'forest', 'glacier', 'mountain', 'sea', 'street']

parser = argparse.ArgumentParser()
parser.add_argument('image')
parser.add_argument('--weights', default='intel_resnet18.pth')
args = parser.parse_args()

model = models.resnet18(num_classes=len(LABELS))
if os.path.exists(args.weights):
    model.load_state_dict(torch.load(args.weights, map_location='cpu'))
model.eval()

preprocess = transforms.Compose([
    transforms.Resize((150, 150)),
    transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
])
img = preprocess(Image.open(args.image).convert('RGB')).unsqueeze(0)

with torch.no_grad():
    conf = model(img)[0]

for label, c in zip(LABELS, conf):
    print(f'{label:12s} {100 * c:.1f} %')
print('->', LABELS[conf.argmax()])
