import torch
from torchvision import datasets, transforms

tf = transforms.Compose([transforms.Resize(224), transforms.RandomHorizontalFlip(), transforms.ToTensor()])
train = datasets.ImageFolder("flowers/train", transform=tf)
loader = torch.utils.data.DataLoader(train, batch_size=32, shuffle=True)
