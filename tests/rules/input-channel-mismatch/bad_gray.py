import torch
from PIL import Image
from torchvision import models, transforms

tf = transforms.Compose([transforms.Resize((224, 224)), transforms.Grayscale(), transforms.ToTensor()])
model = models.resnet18(weights=None)
model.eval()
with torch.no_grad():
    print(model(tf(Image.open("cat.jpg")).unsqueeze(0)).argmax(1))
